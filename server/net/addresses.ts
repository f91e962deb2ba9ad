/** Which addresses are out in the world, and which lie inside: on this machine, in its network, at its cloud's doors. */
import ipaddr from "ipaddr.js";
import type { OutboundAllow } from "../../lib/outbound-allow";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Inside in spite of their range: the wire server of Azure, which every machine there trusts. */
const INSIDE = new Set(["168.63.129.16"]);
const V4_COMPATIBLE = ipaddr.parseCIDR("::/96");

export function isAllowedHost(host: string, allow: OutboundAllow): boolean {
  return allow.hosts.includes(host.toLowerCase().replace(/\.$/, ""));
}

/** `address` without brackets. What is no address at all is not reachable. */
export function isReachable(address: string, allow: OutboundAllow): boolean {
  const text = address.replace(/%.*$/, "");
  if (!ipaddr.isValid(text)) return false;
  const seen = unwrap(ipaddr.parse(text));
  if (allow.networks.some((network) => contains(network, seen))) return true;
  if (INSIDE.has(seen.toString())) return false;
  if (seen.kind() === "ipv6" && contains(V4_COMPATIBLE, seen)) return false;
  // Only what is known to be public: a range that is not known yet stays outside.
  return seen.range() === "unicast";
}

/** The IPv4 address that an IPv6 one leads to: mapped, or through a NAT64 gateway. */
function unwrap(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return address.range() === "rfc6052" ? ipaddr.fromByteArray(address.toByteArray().slice(12)) : address;
}

function contains([network, bits]: readonly [Address, number], address: Address): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}
