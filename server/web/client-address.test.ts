import { expect, it } from "vitest";
import { parseNetworks } from "../../lib/networks";
import { clientAddress } from "./client-address";

const trusted = parseNetworks("10.0.0.0/8, ::1, 127.0.0.1", (problem) => expect.fail(problem));
const from = (peer: string | undefined, forwarded?: string) =>
  clientAddress({ peer, headers: { "x-forwarded-for": forwarded } }, trusted);

it.each([
  ["nobody's word but a trusted proxy's", "203.0.113.5", "192.0.2.1", "203.0.113.5"],
  ["a proxy", "10.1.2.3", "192.0.2.1", "192.0.2.1"],
  ["a proxy that speaks IPv4 in IPv6", "::ffff:127.0.0.1", "192.0.2.1", "192.0.2.1"],
  ["two proxies, and not what the client made up before them", "::1", "6.6.6.6, 192.0.2.1, 10.0.0.9", "192.0.2.1"],
  ["as far as it makes sense", "10.0.0.1", "192.0.2.1, no address", "10.0.0.1"],
  ["a proxy that says nothing", "10.0.0.1", undefined, "10.0.0.1"],
  ["a socket that is gone", undefined, "192.0.2.1", ""],
])("believes %s", (_what, peer, forwarded, address) => expect(from(peer, forwarded)).toBe(address));

it("says what is no network", () => {
  const problems: string[] = [];
  expect(parseNetworks("10.0.0.0/99,proxy.internal,::1", (problem) => problems.push(problem))).toHaveLength(1);
  expect(problems).toEqual([expect.stringContaining('"10.0.0.0/99"'), expect.stringContaining('"proxy.internal"')]);
});
