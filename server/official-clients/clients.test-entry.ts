/** The server as `npm start` runs it, but for the page, with providers that play one script for all clients. */
import type { GenerateRequest } from "../realtime/engine/types";
import type { LlmStep } from "../realtime/testing/index";
import { run } from "../run";
import { scriptedProviders } from "../stages/scripted-providers";

/** Calls the clock where there is one, tells a long story when it is asked to, and else the time. */
function reply({ items, tools }: GenerateRequest): string | readonly LlmStep[] {
  const last = items.at(-1);
  if (last?.type === "tool-result") return `It is ${last.output}.`;
  const said =
    last?.type === "message" ? last.content.map((part) => (part.type === "text" ? part.text : "")).join() : "";
  if (tools.some(({ name }) => name === "clock")) return [{ toolCall: { name: "clock", arguments: { zone: "utc" } } }];
  if (said.includes("story")) return ["Once upon a time there was a fox. And then", { wait: Infinity }];
  return "It is noon.";
}

await run({ providers: scriptedProviders({ stt: { hear: "what time is it", streaming: true }, llm: { reply } }) });
