/**
 * A tool that the client carries out, with the agents SDK. Run a server, for example examples/node-http.ts, then:
 * npx tsx examples/client-tool.ts "How full is my battery?"
 */
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from "@openai/agents-realtime";
import { z } from "zod";

const [question = "How full is my battery?"] = process.argv.slice(2);
const base = process.env.BASE_URL ?? "http://localhost:3000/v1";
const apiKey = process.env.API_KEY ?? "sk-example";

const battery = tool({
  name: "battery_level",
  description: "How full the battery of the user's device is.",
  parameters: z.object({}),
  execute: () => ({ percent: 83 }),
});
const agent = new RealtimeAgent({ name: "Helper", instructions: "Use your tools. Be brief.", tools: [battery] });
const url = `${base.replace(/^http/, "ws")}/realtime?model=gpt-realtime`;
const session = new RealtimeSession(agent, { transport: new OpenAIRealtimeWebSocket({ url }), model: "gpt-realtime" });

session.on("agent_tool_end", (_context, _agent, used, result) => console.log(`${used.name}: ${result}`));
session.on("agent_end", (_context, _agent, words) => {
  if (words === "") return; // The reply was the call; what came of it is still to be told.
  console.log(words);
  session.close();
});
session.on("error", ({ error }) => {
  console.error(error);
  process.exitCode = 1;
  session.close();
});
await session.connect({ apiKey });
session.sendMessage(question);
