import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CallMicrophone } from "./call-microphone";

const tracks: { enabled: boolean; stop: () => void }[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", {
    mediaDevices: {
      getUserMedia: () => {
        const track = { enabled: true, stop: vi.fn() };
        tracks.push(track);
        return Promise.resolve({ getAudioTracks: () => [track] });
      },
    },
  });
});
afterEach(() => {
  tracks.length = 0;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const frame = (type: string, more: object = {}): string => JSON.stringify({ event_id: "page_1", type, ...more });
const append = frame("input_audio_buffer.append", { audio: "AAAA" });

it("what would be appended opens the microphone, after the buffer was cleared; a commit waits for what is on its way", async () => {
  const sent: string[] = [];
  const send = (text: string): void => void sent.push((JSON.parse(text) as { type: string }).type);
  const replaceTrack = vi.fn(() => Promise.resolve());
  const microphone = new CallMicrophone({ replaceTrack } as unknown as RTCRtpSender, () => undefined);
  microphone.pass(frame("session.update"), send);
  for (let index = 0; index < 5; index++) microphone.pass(append, send);
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toEqual(["session.update", "input_audio_buffer.clear"]);
  expect(replaceTrack).toHaveBeenCalledTimes(1);
  expect(tracks[0]?.enabled).toBe(true);

  microphone.pass(frame("input_audio_buffer.commit"), send);
  microphone.pass(frame("response.create"), send);
  expect(sent).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(300);
  expect(sent.slice(2)).toEqual(["input_audio_buffer.commit", "response.create"]);
  expect(tracks[0]?.enabled).toBe(false);

  microphone.pass(append, send);
  expect(sent.at(-1)).toBe("input_audio_buffer.clear");
  expect(tracks[0]?.enabled).toBe(true);
  await vi.advanceTimersByTimeAsync(500);
  expect(tracks[0]?.enabled).toBe(false);
  microphone.close();
  expect(tracks[0]?.stop).toHaveBeenCalled();
  expect(tracks).toHaveLength(1);
});
