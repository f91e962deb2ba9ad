import { describe, expect, it } from "vitest";
import type { TokenUsage } from "../engine/types";
import { AudioClip } from "./clip";
import { wireFormat } from "../audio/formats";
import { spokenTurn } from "./stored-items";
import { usageOf } from "./usage";

const clip = new AudioClip();
clip.push(wireFormat({ type: "audio/pcm" }), Buffer.alloc(48_000));
const usage = (provider: TokenUsage | undefined) =>
  usageOf({
    instructions: "",
    tools: [],
    context: [spokenTurn("item_1", clip, null)],
    output: [],
    outputAudioMs: 2_000,
    provider,
  });

describe("usage", () => {
  it("counts sound beside the words of a model that reads", () => {
    const { input_tokens, input_token_details, output_token_details } = usage({ inputTokens: 30, outputTokens: 8 });
    expect(input_token_details).toMatchObject({ text_tokens: 30, audio_tokens: 10 });
    expect(output_token_details).toEqual({ text_tokens: 8, audio_tokens: 40 });
    expect(input_tokens).toBe(40);
  });

  it("goes by the provider's figures where it says what of them is sound", () => {
    const provider = { inputTokens: 100, inputAudioTokens: 70, outputTokens: 50, outputAudioTokens: 45 };
    expect(usage(provider)).toMatchObject({
      total_tokens: 150,
      input_tokens: 100,
      output_tokens: 50,
      input_token_details: { text_tokens: 30, audio_tokens: 70 },
      output_token_details: { text_tokens: 5, audio_tokens: 45 },
    });
  });

  it("counts for itself what the provider leaves out", () => {
    expect(usage({ cachedInputTokens: 3 })).toMatchObject({
      input_token_details: { audio_tokens: 10 },
      output_token_details: { audio_tokens: 40 },
    });
  });
});
