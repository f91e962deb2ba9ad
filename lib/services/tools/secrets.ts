/** What calls of a tool carry and nobody may read again: a token or signing secret, and headers. */
import { z } from "zod";
import type { tools } from "../../db/schema/index";
import type { Sealer } from "../../seal";
import { invalid } from "../errors";
import { keptMcp, keptWebhook, type ToolInput } from "./kinds";

type ToolRow = typeof tools.$inferSelect;
type Headers = Readonly<Record<string, string>>;
const sealedHeaders = z.record(z.string(), z.string());

export function headersOf({ kind, config, sealedHeaders: sealed }: ToolRow, seal: Sealer): Headers {
  if (kind === "client") return {};
  const earlier = (kind === "mcp" ? keptMcp : keptWebhook).parse(config).headers;
  return { ...earlier, ...(sealed !== null && sealedHeaders.parse(JSON.parse(seal.open(sealed)))) };
}

/** `config` and `sealedHeaders` as a row keeps them. @throws ServiceError for a value that is neither given nor known. */
export function toKept(tool: ToolInput, before: ToolRow | undefined, seal: Sealer) {
  if (tool.kind === "client") return { config: tool.config, sealedHeaders: null };
  const { headers: given, ...config } = tool.config;
  const known = before === undefined ? {} : headersOf(before, seal);
  if (before !== undefined) requireSameHost(tool, before, known);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given ?? known)) {
    const kept = value ?? known[name];
    if (kept === undefined) throw invalid(`Enter a value for ${name}.`, `config.headers.${name}`);
    headers[name] = kept;
  }
  const headerNames = Object.keys(headers);
  return {
    config: { ...config, headerNames },
    sealedHeaders: headerNames.length === 0 ? null : seal.seal(JSON.stringify(headers)),
  };
}

/** Nobody learns a secret by sending it to a host of their own. */
function requireSameHost(tool: Exclude<ToolInput, { kind: "client" }>, before: ToolRow, known: Headers): void {
  const { url } = (tool.kind === "mcp" ? keptMcp : keptWebhook).parse(before.config);
  if (new URL(url).origin === new URL(tool.config.url).origin) return;
  const given = tool.config.headers;
  const kept = Object.keys(known).find((name) => given === undefined || given[name] === null);
  if (kept !== undefined)
    throw invalid(`The address is another host's: enter the value of ${kept} again.`, `config.headers.${kept}`);
  if (tool.kind === "mcp" && before.sealedSecret !== null && tool.token === undefined)
    throw invalid("The address is another host's: enter the token again, or take it away.", "token");
}
