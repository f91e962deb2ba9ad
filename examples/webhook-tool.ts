/**
 * The other end of a webhook tool, as the dashboard has them: makes sure that the call is genuine, and answers what the
 * model is told. Run it: WEBHOOK_SECRET=whsec_… npx tsx examples/webhook-tool.ts (where the server may call this
 * machine at all: OUTBOUND_ALLOW=localhost).
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";

const secret = process.env.WEBHOOK_SECRET ?? "whsec_ZXhhbXBsZQ==";
const Call = z.object({
  type: z.literal("tool.call"),
  data: z.object({ tool: z.string(), arguments: z.object({ city: z.string() }), call_id: z.string() }),
});

/** As the Standard Webhooks specification has it; its libraries do the same. */
function isGenuine(headers: Headers, body: string): boolean {
  const [id, timestamp] = [headers.get("webhook-id"), headers.get("webhook-timestamp")];
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  const given = (headers.get("webhook-signature") ?? "").split(" ").map((each) => each.replace(/^v1,/, ""));
  return given.some((each) => {
    const bytes = Buffer.from(each, "base64");
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}

const server = createServer((request, response) => {
  void text(request).then((body) => {
    const headers = new Headers(request.headers as Record<string, string>);
    if (!isGenuine(headers, body)) return response.writeHead(401).end();
    const call = Call.safeParse(JSON.parse(body));
    if (!call.success) return response.writeHead(400).end();
    const { city } = call.data.data.arguments;
    response.writeHead(200, { "content-type": "application/json" });
    return response.end(JSON.stringify({ city, sky: "clear", celsius: 21 }));
  });
});

const port = Number(process.env.PORT ?? 3001);
server.listen(port, () => console.log(`Webhook for a tool with a city: http://localhost:${port}/`));
