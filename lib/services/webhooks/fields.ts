import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { GuardedRequests } from "../context";
import { invalid } from "../errors";
import { WEBHOOK_EVENTS } from "./events";

export const webhookFields = {
  url: z.url({ protocol: /^https?$/, error: "Enter a URL that begins with https:// or http://." }).max(2000),
  description: z.string().trim().max(200).default(""),
  events: z.array(z.enum(WEBHOOK_EVENTS)).min(1, "Choose at least one event."),
  enabled: z.boolean().default(true),
};

/** Standard Webhooks wants base64 behind the prefix. */
export const newSigningSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

/** An address inside is refused when it is entered; it is judged again whenever it is called. */
export async function requireReachable(outbound: GuardedRequests, url: string, field: string): Promise<void> {
  await outbound.check(url).catch((error: unknown) => {
    throw invalid(error instanceof Error ? error.message : "This URL cannot be used.", field);
  });
}
