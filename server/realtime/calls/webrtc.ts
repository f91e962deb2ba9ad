/** From an offer to a session: the peer is made, its session opened, the answer given, the call listed until it ends. */
import type { Arrival } from "../door/admission";
import { ProtocolError } from "../protocol/errors";
import { newId } from "../protocol/ids";
import type { SessionConfigInput } from "../protocol/session-config";
import { Refusal } from "../door/refusal";
import type { RealtimeService } from "../service";
import { WebRtcEndpoint } from "../transport/webrtc/endpoint";
import { MissingPackageError } from "../transport/webrtc/packages";
import { OfferError } from "../transport/webrtc/sdp";
import type { WebRtcSettings } from "../transport/webrtc/settings";

export interface WebRtcOffer {
  readonly sdp: string;
  /** Configuration that came with the offer. */
  readonly session: SessionConfigInput | undefined;
}

export interface AnsweredOffer {
  readonly callId: string;
  readonly sdp: string;
}

export class WebRtcCalls {
  private readonly endpoint: WebRtcEndpoint;

  constructor(
    private readonly service: RealtimeService,
    settings: WebRtcSettings = {},
  ) {
    this.endpoint = new WebRtcEndpoint(settings);
  }

  /** @throws Refusal */
  async open(arrival: Arrival, offer: WebRtcOffer): Promise<AnsweredOffer> {
    const { service } = this;
    const admitted = await service.admitCall(arrival, offer.session);
    const { peer, answer } = await this.endpoint.answer(offer.sdp).catch((error: unknown) => {
      throw toRefusal(error);
    });
    const callId = newId("rtc");
    try {
      service.openCall(peer, { ...admitted, callId });
    } catch (error) {
      peer.abandon();
      throw error;
    }
    return { callId, sdp: answer };
  }
}

function toRefusal(error: unknown): unknown {
  if (error instanceof OfferError)
    return new Refusal(new ProtocolError(error.message, { code: "invalid_offer", param: "sdp" }), 400, 4000);
  if (error instanceof MissingPackageError)
    return new Refusal(new ProtocolError(error.message, { type: "server_error", code: "webrtc_missing" }), 501, 1011);
  return error;
}
