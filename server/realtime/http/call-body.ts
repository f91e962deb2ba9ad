/** The body of `POST /v1/realtime/calls`: an offer alone, or an offer and a session in a form. */
import type { WebRtcOffer } from "../calls/webrtc";
import { ProtocolError, errors } from "../protocol/errors";
import { parseSessionConfig, type SessionConfigInput } from "../protocol/session-config";
import { checkStructure } from "../protocol/structure";
import { refusals } from "../door/refusal";
import { readBytes, wrongType } from "./body";

/** @throws Refusal 400, 413 or 415. */
export async function readOfferBody(request: Request): Promise<WebRtcOffer> {
  const type = request.headers.get("content-type") ?? "";
  const bytes = await readBytes(request);
  if (/^application\/sdp\b/i.test(type)) return { sdp: requireSdp(bytes.toString("utf8")), session: undefined };
  if (!/^multipart\/form-data\b/i.test(type)) throw wrongType(type, "'application/sdp' or 'multipart/form-data'");
  const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": type } })
    .formData()
    .catch(() => undefined);
  if (form === undefined)
    throw refusals.badRequest(new ProtocolError("The form cannot be read.", { code: "invalid_form" }));
  const session = await textOf(form.get("session"));
  return {
    sdp: requireSdp(await textOf(form.get("sdp"))),
    session: session === undefined ? undefined : parseSession(session),
  };
}

async function textOf(field: FormDataEntryValue | null): Promise<string | undefined> {
  return field === null ? undefined : typeof field === "string" ? field : field.text();
}

function requireSdp(sdp: string | undefined): string {
  if (sdp === undefined || sdp.trim() === "") throw refusals.badRequest(errors.missingParameter("sdp"));
  return sdp;
}

function parseSession(text: string): SessionConfigInput {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusals.badRequest(errors.invalidValue("session", "Invalid 'session': it is not valid JSON."));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refusals.badRequest(errors.invalidValue("session", "Invalid 'session': expected a JSON object."));
  const refused = checkStructure(value);
  if (refused) throw refusals.badRequest(refused);
  const parsed = parseSessionConfig(value);
  if (!parsed.ok) throw refusals.badRequest(parsed.error);
  return parsed.config;
}
