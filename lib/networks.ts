/** Addresses and networks, as people list them in the environment. */
import ipaddr from "ipaddr.js";

export type Networks = readonly (readonly [ipaddr.IPv4 | ipaddr.IPv6, number])[];

/** Undefined for what is neither an address nor a network in CIDR notation. */
export function toNetwork(part: string): Networks[number] | undefined {
  const bare = part.replace(/^\[|\]$/g, "");
  if (ipaddr.isValidCIDR(part)) return ipaddr.parseCIDR(part);
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return [ipaddr.parse(bare), 32];
  return ipaddr.IPv6.isValid(bare) ? [ipaddr.parse(bare), 128] : undefined;
}

/** Reads a list separated by commas; every problem goes to `report`. */
export function parseNetworks(value: string, report: (problem: string) => void): Networks {
  return value
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .flatMap((part) => {
      const network = toNetwork(part);
      if (network === undefined)
        report(`"${part}" is no address or network: write for example 127.0.0.1 or 10.0.0.0/8`);
      return network === undefined ? [] : [network];
    });
}
