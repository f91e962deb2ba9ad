import { describe, expect, it } from "vitest";
import type { SessionAudio } from "../session/types";
import { created, delta, done, engineFor } from "../conformance/test-relay";
import { testHandler } from "../conformance/test-support";
import { sessionEvent, testUpstream } from "../conformance/test-upstream";
import { createMemoryPair, RealtimeTestClient } from "../testing";

/** The track of a call whose listener hears when the test says so. */
class FakeTrack implements SessionAudio {
  readonly sampleRate = 24_000;
  playedMs = 0;
  waitingMs = 0;
  heard: Parameters<SessionAudio["listen"]>[0] | undefined;
  readonly played: Int16Array[] = [];

  play(samples: Int16Array): void {
    this.played.push(samples);
    this.waitingMs += samples.length / 24;
  }
  clear(): void {
    this.waitingMs = 0;
  }
  listen(listener: Parameters<SessionAudio["listen"]>[0]): void {
    this.heard = listener;
  }
  pass(ms: number): void {
    const passed = Math.min(ms, this.waitingMs);
    this.playedMs += passed;
    this.waitingMs -= passed;
    this.heard?.onPlayed();
  }
}

async function setUp() {
  const upstream = await testUpstream();
  const handler = testHandler({ engine: engineFor(upstream) });
  const track = new FakeTrack();
  const { transport, client: socket } = createMemoryPair();
  const url = new URL("memory://host/v1/realtime?model=antiphon");
  handler.accept({ ...transport, audio: track }, { url, headers: new Headers(), remoteAddress: undefined });
  const client = new RealtimeTestClient(socket);
  const peer = await upstream.peer(0);
  const first = await peer.next("session.update");
  peer.send(sessionEvent("session.updated"));
  await client.next("session.created");
  return { client, peer, track, first };
}

describe("a call over a relay", () => {
  it("is heard there in the track's own format, whatever the client says of formats", async () => {
    const { client, peer, track, first } = await setUp();
    const format = { type: "audio/pcm", rate: 24_000 };
    expect(first).toMatchObject({ session: { audio: { input: { format }, output: { format } } } });
    track.heard?.onAudio(Int16Array.of(1, -2, 3));
    const { audio } = (await peer.next("input_audio_buffer.append")) as { audio: string };
    expect(Buffer.from(audio, "base64")).toEqual(Buffer.from(Int16Array.of(1, -2, 3).buffer));
    client.send({
      type: "session.update",
      session: { type: "realtime", audio: { output: { format: { type: "audio/pcmu" }, voice: "cedar" } } },
    });
    expect(await peer.next("session.update")).toMatchObject({ session: { audio: { output: { voice: "cedar" } } } });
    expect(peer.frames.at(-1)).not.toContain("pcmu");
  });

  it("is played what is said there, and told when it sounds", async () => {
    const { client, peer, track } = await setUp();
    for (const event of [created, delta(4_800, 1), delta(4_800, 2), done]) peer.send(event);
    await client.next("response.done");
    expect(track.waitingMs).toBe(200);
    expect(track.played[1]?.[0]).toBe(0x0202);
    track.pass(20);
    expect(await client.next("output_audio_buffer.started")).toMatchObject({ response_id: "resp_1" });
    track.pass(180);
    expect(await client.next("output_audio_buffer.stopped")).toMatchObject({ response_id: "resp_1" });
    expect(client.events.map(({ type }) => type)).not.toContain("response.output_audio.delta");
  });

  it.each(["somebody who speaks", "the client"])(
    "stops for %s, and the other server learns what was heard",
    async (who) => {
      const { client, peer, track } = await setUp();
      for (const event of [created, delta(48_000, 1)]) peer.send(event);
      await expect.poll(() => track.waitingMs).toBe(1_000);
      track.pass(250);
      await client.next("output_audio_buffer.started");
      if (who === "the client") client.send({ type: "output_audio_buffer.clear" });
      else
        peer.send({ type: "input_audio_buffer.speech_started", event_id: "e", audio_start_ms: 0, item_id: "item_2" });
      expect(await peer.next("conversation.item.truncate")).toMatchObject({ item_id: "item_1", audio_end_ms: 250 });
      expect(await client.next("output_audio_buffer.cleared")).toMatchObject({ response_id: "resp_1" });
      expect(track.waitingMs).toBe(0);
      expect(peer.frames.join()).not.toContain("output_audio_buffer.clear");
    },
  );
});
