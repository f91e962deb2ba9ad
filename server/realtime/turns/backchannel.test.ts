import { expect, it } from "vitest";
import { isBackchannel } from "./backchannel";

it.each(["mm-hm", "Mm-hmm.", "uh-huh", "Yeah", "ok, right", "I see!", "Oh, really?", "yeah yeah", "", "  "])(
  "%j lets the assistant go on",
  (words) => expect(isBackchannel(words)).toBe(true),
);

it.each([
  "stop",
  "no",
  "yes",
  "wait a moment",
  "okay but what about Tuesday",
  "right turn or left",
  "yeah I would like that",
])("%j interrupts", (words) => expect(isBackchannel(words)).toBe(false));
