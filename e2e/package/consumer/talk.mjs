/** One session through the official SDK: `node talk.mjs <base URL> <key> <question>` prints the reply's text. */
import { connect } from "node:net";
import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";

const [baseURL, apiKey, question] = process.argv.slice(2);
const { protocol, port, hostname } = new URL(baseURL);
// The SDK dials `wss:` whatever its base URL says; a host without TLS is given a plain connection.
const options = protocol === "http:" ? { createConnection: () => connect(Number(port), hostname) } : {};
const client = new OpenAI({ baseURL, apiKey });
const { data } = await client.models.list();
const realtime = new OpenAIRealtimeWS({ model: data[0].id, options }, client);
realtime.on("error", (error) => {
  console.error(error);
  process.exit(1);
});
realtime.on("session.created", () => {
  realtime.send({ type: "session.update", session: { type: "realtime", output_modalities: ["text"] } });
  const content = [{ type: "input_text", text: question }];
  realtime.send({ type: "conversation.item.create", item: { type: "message", role: "user", content } });
  realtime.send({ type: "response.create" });
});
realtime.on("response.output_text.done", ({ text }) => console.log(text));
realtime.on("response.done", ({ response }) => {
  console.log(response.status);
  realtime.close();
});
