/** Calls over HTTP: `POST /v1/realtime/calls` opens one by WebRTC; accept, reject, refer and hangup control any. */
import { type z } from "zod";
import type { Authenticator } from "../door/authenticator";
import type { CallControl, CallDirectory } from "../calls/control";
import type { WebRtcCalls } from "../calls/webrtc";
import { errors } from "../protocol/errors";
import { toProtocolError } from "../protocol/issues";
import { parseSessionConfig } from "../protocol/session-config";
import { checkStructure } from "../protocol/structure";
import { refusals } from "../door/refusal";
import { readJsonObject } from "./body";
import { readOfferBody } from "./call-body";
import { callDocuments, referBody, rejectBody } from "./call-documents";
import type { Route, RouteRequest } from "./router";

export interface CallRoutesOptions {
  readonly basePath: string;
  readonly authenticator: Authenticator;
  readonly calls: CallDirectory;
  /** Undefined: this handler takes no WebRTC. */
  readonly webrtc: WebRtcCalls | undefined;
}

/** What SIP says for "declined". */
const DECLINED = 603;

export function callRoutes(options: CallRoutesOptions): Route[] {
  const { basePath, webrtc } = options;
  const path = `${basePath}/calls`;
  const control = (
    verb: keyof CallControl,
    act: (call: CallControl, request: Request) => void | Promise<void>,
  ): Route => ({
    method: "POST",
    path: `${path}/{id}/${verb}`,
    document: callDocuments[verb],
    handle: async ({ request, origin, params }) => {
      const { identity, isClientSecret } = await options.authenticator.identify({ ...origin, purpose: "rest" });
      if (isClientSecret)
        throw refusals.forbidden("A client secret cannot control calls. Use an API key.", "insufficient_permissions");
      await act(findCall(options.calls, identity.tenant, params["id"] ?? ""), request);
      return new Response(null, { status: 200 });
    },
  });
  return [
    control("accept", async (call, request) => call.accept(await acceptBody(request))),
    control("reject", async (call, request) => {
      const { status_code } = parse(rejectBody, await readJsonObject(request));
      await call.reject(status_code ?? DECLINED);
    }),
    control("refer", async (call, request) => call.refer(parse(referBody, await readJsonObject(request)).target_uri)),
    control("hangup", (call) => call.hangup()),
    ...(webrtc === undefined ? [] : openRoutes(webrtc, basePath)),
  ];
}

/** The older clients post their offer to the base path. */
function openRoutes(webrtc: WebRtcCalls, basePath: string): Route[] {
  const handle = async ({ request, origin }: RouteRequest): Promise<Response> => {
    const offer = await readOfferBody(request);
    const { callId, sdp } = await webrtc.open({ origin, door: { path: basePath } }, offer);
    const headers = { "content-type": "application/sdp", location: `${basePath}/calls/${callId}` };
    return new Response(sdp, { status: 201, headers });
  };
  return [
    { method: "POST", path: `${basePath}/calls`, document: callDocuments.create, handle },
    { method: "POST", path: basePath, document: callDocuments.createOlder, handle },
  ];
}

function findCall(calls: CallDirectory, tenant: string, id: string): CallControl {
  const call = calls.find(tenant, id);
  if (call === undefined) throw refusals.notFound(errors.callNotFound(id));
  return call;
}

async function acceptBody(request: Request) {
  const body = await readJsonObject(request);
  const refused = checkStructure(body);
  if (refused) throw refusals.badRequest(refused);
  const parsed = parseSessionConfig(body);
  if (!parsed.ok) throw refusals.badRequest(parsed.error);
  return parsed.config;
}

function parse<Schema extends z.ZodType>(schema: Schema, body: object): z.output<Schema> {
  const refused = checkStructure(body);
  if (refused) throw refusals.badRequest(refused);
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw refusals.badRequest(toProtocolError(parsed.error, body));
  return parsed.data;
}
