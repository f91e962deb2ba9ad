/** OUTBOUND_ALLOW: hosts and networks inside that addresses entered by users may lead to all the same. */
import { type Networks, toNetwork } from "./networks";

export interface OutboundAllow {
  /** Lower case, without a dot at the end. */
  readonly hosts: readonly string[];
  readonly networks: Networks;
}

export const ALLOW_NOTHING: OutboundAllow = { hosts: [], networks: [] };

const HOST = /^(?=.{1,253}$)[a-z\d_]([a-z\d_-]{0,62})(\.[a-z\d_-]{1,63})*$/;

/** Reads a list separated by commas; every problem goes to `report`, and what is wrong is left out of the result. */
export function parseOutboundAllow(value: string, report: (problem: string) => void): OutboundAllow {
  const hosts: string[] = [];
  const networks: Networks[number][] = [];
  for (const part of value.split(",").map((entry) => entry.trim().toLowerCase())) {
    if (part === "") continue;
    const network = toNetwork(part);
    if (network !== undefined) networks.push(network);
    else if (HOST.test(part) && !/^[\d.]+$/.test(part)) hosts.push(part);
    else
      report(
        `"${part}" is neither a host name nor an address or network: write for example tools.internal or 10.0.0.0/8`,
      );
  }
  return { hosts, networks };
}
