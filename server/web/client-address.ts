/** Who really asks: a proxy of the operator's says for whom it asks, and is believed; nobody else is. */
import ipaddr from "ipaddr.js";
import type { Networks } from "../../lib/networks";
import type { RequestFacts } from "./origin";

/** The nearest address that is no trusted proxy's. */
export function clientAddress({ peer, headers }: Pick<RequestFacts, "peer" | "headers">, trusted: Networks): string {
  let address = peer ?? "";
  for (const before of forwardedFor(headers["x-forwarded-for"]).reverse()) {
    if (!isIn(address, trusted) || !ipaddr.isValid(before)) break;
    address = before;
  }
  return address;
}

function forwardedFor(header: string | readonly string[] | undefined): string[] {
  return String(header ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function isIn(address: string, networks: Networks): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
}
