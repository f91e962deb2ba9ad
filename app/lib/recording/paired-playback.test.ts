import { expect, it } from "vitest";
import { PairedPlayback, type Sound } from "./paired-playback";

/** An audio element as far as it matters here: it does what it is told, and tells what it is told to tell. */
class FakeSound extends EventTarget implements Sound {
  currentTime = 0;
  playbackRate = 1;
  muted = false;
  paused = true;
  ended = false;
  loads = 0;
  refusal: Error | undefined;

  async play(): Promise<void> {
    if (this.refusal) throw this.refusal;
    this.paused = false;
    this.ended = false;
  }
  pause(): void {
    this.paused = true;
  }
  load(): void {
    this.loads += 1;
    this.currentTime = 0;
    this.playbackRate = 1;
  }
  tell(type: string, at = this.currentTime): void {
    this.currentTime = at;
    if (type === "ended") Object.assign(this, { ended: true, paused: true });
    this.dispatchEvent(new Event(type));
  }
}

function pair() {
  const user = new FakeSound();
  const assistant = new FakeSound();
  const playback = new PairedPlayback([
    { sound: user, durationMs: 4_000 },
    { sound: assistant, durationMs: 10_000 },
  ]);
  const told: string[] = [];
  playback.subscribe(() => told.push(playback.state().status));
  return { user, assistant, playback, told };
}

it("plays and pauses both, and tells the time of the longer one", () => {
  const { user, assistant, playback } = pair();
  expect(playback.durationMs).toBe(10_000);
  playback.toggle();
  expect([user.paused, assistant.paused]).toEqual([false, false]);
  assistant.tell("timeupdate", 1.5);
  user.tell("timeupdate", 1.4);
  expect(playback.state()).toEqual({ status: "playing", atMs: 1_500 });
  playback.toggle();
  expect([user.paused, assistant.paused, playback.state()]).toEqual([true, true, { status: "paused", atMs: 1_500 }]);
});

it("seeks both, the shorter one no further than it goes, and back again", () => {
  const { user, assistant, playback } = pair();
  playback.play();
  user.tell("ended", 4);
  playback.seek(6_000);
  expect([user.currentTime, assistant.currentTime, user.paused]).toEqual([4, 6, true]);
  playback.seek(1_000);
  expect([user.currentTime, assistant.currentTime, user.paused]).toEqual([1, 1, false]);
  playback.seek(99_000);
  expect(playback.state().atMs).toBe(10_000);
  playback.seek(-5);
  expect(playback.state().atMs).toBe(0);
});

it("keeps them together when one runs ahead", () => {
  const { user, assistant, playback } = pair();
  playback.play();
  user.currentTime = 2.05;
  assistant.tell("timeupdate", 2);
  expect(user.currentTime).toBe(2.05);
  user.currentTime = 2.5;
  assistant.tell("timeupdate", 2.1);
  expect(user.currentTime).toBe(2.1);
});

it("lets both wait while one has nothing to play", () => {
  const { user, assistant, playback } = pair();
  playback.play();
  user.tell("waiting", 1);
  expect([playback.state().status, assistant.paused]).toEqual(["waiting", true]);
  assistant.tell("waiting", 1.02);
  user.tell("playing", 1);
  expect([playback.state().status, user.paused]).toEqual(["waiting", true]);
  assistant.tell("playing", 1.02);
  expect([playback.state().status, user.paused, assistant.paused]).toEqual(["playing", false, false]);
  user.tell("waiting");
  playback.pause();
  user.tell("playing");
  expect(playback.state().status).toBe("paused");
});

it("ends with the longer one, and begins anew after", () => {
  const { user, assistant, playback } = pair();
  playback.play();
  user.tell("ended", 4);
  expect(playback.state().status).toBe("playing");
  assistant.tell("ended", 10);
  expect(playback.state()).toEqual({ status: "paused", atMs: 10_000 });
  playback.play();
  expect([user.currentTime, assistant.currentTime, playback.state()]).toEqual([0, 0, { status: "playing", atMs: 0 }]);
});

it("says when it cannot be played, and tries again from where it was", async () => {
  const { user, assistant, playback } = pair();
  playback.setRate(2);
  playback.play();
  assistant.tell("timeupdate", 3);
  user.tell("error");
  expect([playback.state(), assistant.paused]).toEqual([{ status: "failed", atMs: 3_000 }, true]);
  playback.toggle();
  expect([user.loads, user.playbackRate, user.currentTime, assistant.currentTime]).toEqual([1, 2, 3, 3]);
  expect(playback.state().status).toBe("playing");
  assistant.pause();
  assistant.refusal = new Error("There is no such format.");
  playback.pause();
  playback.play();
  await Promise.resolve();
  expect(playback.state().status).toBe("failed");
});

it("is not put out by being paused before it began", async () => {
  const { user, playback } = pair();
  user.refusal = new DOMException("paused", "AbortError");
  playback.play();
  playback.pause();
  await Promise.resolve();
  expect(playback.state().status).toBe("paused");
});

it("sets the speed of both, and lets go of them at the end", () => {
  const { user, assistant, playback, told } = pair();
  playback.setRate(1.5);
  expect([user.playbackRate, assistant.playbackRate]).toEqual([1.5, 1.5]);
  playback.play();
  playback.close();
  const before = told.length;
  assistant.tell("timeupdate", 5);
  expect([told.length, user.paused]).toEqual([before, true]);
});
