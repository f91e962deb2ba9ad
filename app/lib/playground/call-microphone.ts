/**
 * The microphone of a call. The page says by its events when somebody is to be heard: what it would append is on the track
 * then, and silence at all other times.
 */

/** So long after the last append the microphone is closed to the call. */
const OPEN_MS = 400;
/** What was said last is still on its way when the button comes up. */
const TAIL_MS = 250;

type Send = (frame: string) => void;

export class CallMicrophone {
  readonly #sender: RTCRtpSender;
  readonly #deviceId: () => string | undefined;
  #track: MediaStreamTrack | undefined;
  #opening: Promise<void> | undefined;
  #closing: ReturnType<typeof setTimeout> | undefined;
  #held: string[] | undefined;
  #over = false;

  constructor(sender: RTCRtpSender, deviceId: () => string | undefined) {
    this.#sender = sender;
    this.#deviceId = deviceId;
  }

  /** Sends a frame on, unless it carries audio: that opens the microphone. What follows a commit waits for it. */
  pass(frame: string, send: Send): void {
    if (isOf(frame, "input_audio_buffer.append")) return this.#speak(send);
    if (this.#held !== undefined) return void this.#held.push(frame);
    if (!isOf(frame, "input_audio_buffer.commit")) return send(frame);
    const held = [frame];
    this.#held = held;
    setTimeout(() => {
      this.#held = undefined;
      if (!this.#over) for (const each of held) send(each);
      this.#mute();
    }, TAIL_MS);
  }

  close(): void {
    this.#over = true;
    clearTimeout(this.#closing);
    this.#track?.stop();
    this.#track = undefined;
  }

  #speak(send: Send): void {
    // What the call heard before the button went down is nobody's business.
    if (this.#closing === undefined) send(JSON.stringify({ type: "input_audio_buffer.clear" }));
    clearTimeout(this.#closing);
    this.#closing = setTimeout(() => this.#mute(), OPEN_MS);
    if (this.#track !== undefined) this.#track.enabled = true;
    else this.#opening ??= this.#open().finally(() => (this.#opening = undefined));
  }

  #mute(): void {
    clearTimeout(this.#closing);
    this.#closing = undefined;
    if (this.#track !== undefined) this.#track.enabled = false;
  }

  async #open(): Promise<void> {
    const deviceId = this.#deviceId();
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { ...audio, ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }) },
    });
    const [track] = stream.getAudioTracks();
    if (track === undefined || this.#over) return track?.stop();
    this.#track = track;
    await this.#sender.replaceTrack(track);
  }
}

/** Without reading it: an append is long. */
function isOf(frame: string, type: string): boolean {
  return frame.slice(0, 120).includes(`"type":"${type}"`);
}
