/** A tool that runs on the server. Run it: npx tsx examples/server-tool.ts */
import { createServer } from "node:http";
import { apiKeys, createRealtimeHandler, defineTool } from "antiphon";
import { z } from "zod";
import { engine } from "./engine";

const weather = defineTool({
  name: "get_weather",
  description: "Get the weather of a city.",
  parameters: z.object({ city: z.string().describe("The city") }),
  readOnly: true,
  filler: "One moment, I am looking that up.",
  execute: ({ city }) => ({ city, sky: "clear", celsius: 21 }),
});

const realtime = createRealtimeHandler({ engine, authenticate: apiKeys(["sk-example"]), tools: [weather] });

const server = createServer(realtime.middleware);
realtime.attach(server);

const port = Number(process.env.PORT ?? 3000);
server.listen(port, () => console.log(`Base URL for clients: http://localhost:${port}/v1, key sk-example`));
