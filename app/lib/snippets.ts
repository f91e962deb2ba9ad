/** Programs that run as they are, with the address, the key and the session filled in. */
import { agentsSnippet } from "./agents-snippet";
import { json, key, type SnippetParts } from "./snippet-parts";

export type SnippetKind = "openai" | "agents" | "browser" | "curl" | "json";

export const SNIPPET_KINDS: readonly { readonly value: SnippetKind; readonly label: string }[] = [
  { value: "openai", label: "Node, openai SDK" },
  { value: "agents", label: "Node, OpenAI Agents SDK" },
  { value: "browser", label: "Browser, with a client secret" },
  { value: "curl", label: "curl, a client secret" },
  { value: "json", label: "JSON of the session" },
];

export function sessionSnippet(kind: SnippetKind, parts: SnippetParts): string {
  switch (kind) {
    case "openai":
      return openaiSnippet(parts);
    case "agents":
      return agentsSnippet(parts);
    case "browser":
      return browserSnippet(parts);
    case "curl":
      return curlSnippet(parts);
    case "json":
      return JSON.stringify({ ...parts.session, model: parts.model }, null, 2);
    default:
      return kind satisfies never;
  }
}

function openaiSnippet(parts: SnippetParts): string {
  return `// npm install openai ws
import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";

const client = new OpenAI({ baseURL: "${parts.origin}/v1", apiKey: ${key(parts)} });
const realtime = new OpenAIRealtimeWS({ model: "${parts.model}" }, client);

realtime.on("session.created", () => {
  realtime.send({ type: "session.update", session: ${json(parts.session, 2)} });
  realtime.send({
    type: "conversation.item.create",
    item: { type: "message", role: "user", content: [{ type: "input_text", text: "Hello, who are you?" }] },
  });
  realtime.send({ type: "response.create" });
});
realtime.on("response.output_audio_transcript.delta", ({ delta }) => process.stdout.write(delta));
realtime.on("response.output_text.delta", ({ delta }) => process.stdout.write(delta));
realtime.on("response.done", () => realtime.close());
realtime.on("error", (error) => console.error(error.message));
`;
}

function browserSnippet(parts: SnippetParts): string {
  const socket = parts.origin.replace(/^http/, "ws");
  return `// On your server: never let an API key reach a browser.
const answer = await fetch("${parts.origin}/v1/realtime/client_secrets", {
  method: "POST",
  headers: { authorization: \`Bearer \${${key(parts)}}\`, "content-type": "application/json" },
  body: JSON.stringify({ session: ${json({ ...parts.session, model: parts.model }, 2)} }),
});
const { value: secret } = await answer.json();

// In the browser: the secret opens the session, already configured.
const socket = new WebSocket("${socket}/v1/realtime", ["realtime", \`openai-insecure-api-key.\${secret}\`]);
socket.onmessage = ({ data }) => console.log(JSON.parse(data));
socket.onopen = () => socket.send(JSON.stringify({ type: "response.create" }));
`;
}

function curlSnippet(parts: SnippetParts): string {
  const bearer = parts.apiKey ?? "$ANTIPHON_API_KEY";
  const body = json({ session: { ...parts.session, model: parts.model } }, 0).replaceAll("'", "'\\''");
  return `curl ${parts.origin}/v1/realtime/client_secrets \\
  -H "Authorization: Bearer ${bearer}" \\
  -H "Content-Type: application/json" \\
  -d '${body}'
`;
}
