// Which peers a setting may name as proxies.
import { isIP } from "node:net";

const names = ["loopback", "uniquelocal"];

/** `loopback`, `uniquelocal` (private networks), an address, or a CIDR range that is not the whole internet. */
export function isProxyRange(value: string): boolean {
  if (names.includes(value)) return true;
  const [, address = "", prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(value) ?? [];
  const version = isIP(address);
  if (version === 0) return false;
  if (prefix === undefined) return true;
  const bits = Number(prefix);
  return bits >= 1 && bits <= (version === 4 ? 32 : 128);
}
