// Whether an address belongs to the public internet: what a fetcher that people steer may connect to.
import ipaddr from "ipaddr.js";

/**
 * False for everything that is not an ordinary address of the public internet: loopback, private and link-local
 * networks, metadata services, multicast, reserved ranges, and IPv6 forms that carry an IPv4 address (mapped, NAT64,
 * 6to4, Teredo), whatever it is; also for what is no address.
 */
export function isPublicAddress(address: string): boolean {
  // With a zone (`fe80::1%eth0`) it is a link's own.
  if (address.includes("%") || !ipaddr.isValid(address)) return false;
  return ipaddr.parse(address).range() === "unicast";
}
