// Whether an address belongs to the public internet: what a fetcher that people steer may connect to.
import ipaddr from "ipaddr.js";

/** What lies in the IPv6 space that is handed out to networks (RFC 4291, IANA); an unassigned rest is nobody's page. */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/** Public by their numbers, and answered by the host on which a machine runs. */
const ofHosts = new Set([
  // Azure: DHCP, names, health and the agent that hands out certificates and settings.
  "168.63.129.16",
]);

/**
 * False for everything that is not an ordinary address of the public internet: loopback, private and link-local
 * networks, metadata services, multicast, reserved ranges, and IPv6 forms that carry an IPv4 address (compatible, mapped,
 * translated, NAT64, 6to4, Teredo, ISATAP), whatever it is; also for what is no address.
 */
export function isPublicAddress(address: string): boolean {
  // With a zone (`fe80::1%eth0`) it is a link's own.
  if (address.includes("%") || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed instanceof ipaddr.IPv6
    ? parsed.match(globalUnicast) && !isIsatap(parsed)
    : !ofHosts.has(parsed.toString());
}

/** An interface identifier of RFC 5214 holds the IPv4 address that is sent to, under whatever prefix. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  const [, , , , fifth = 0, sixth] = parts;
  return (fifth & ~0x0200) === 0 && sixth === 0x5efe;
}
