/** What a translation session uses: each clause asks for room, for itself and for what was heard and spoken since the last. */
import type { AskedForClause, ClauseAnswer } from "../translation/types";
import type { Meter } from "./meter";
import { countTokens } from "./tokenizer";
import { heardTokens, spokenTokens, totalOf } from "./usage";

export class TranslationMeter {
  private heardMs = 0;
  private spokenMs = 0;

  constructor(private readonly meter: Meter) {}

  heard(ms: number): void {
    this.heardMs += ms;
  }

  spoke(ms: number): void {
    this.spokenMs += ms;
  }

  /** Rejects with a `ProtocolError` when there is no room; what was heard waits to be paid for. */
  async admit({ instructions, shown }: AskedForClause): Promise<(answer: ClauseAnswer | undefined) => void> {
    const inputText = sum([instructions, ...shown].map(countTokens));
    const likely = countTokens(shown.at(-1) ?? "");
    const audio = heardTokens(this.heardMs) + spokenTokens(this.spokenMs);
    const settle = await this.meter.reserve(inputText + likely + audio);
    return (answer) => {
      if (answer === undefined) return settle();
      const { usage, text } = answer;
      settle(
        totalOf({
          inputText: usage?.inputTokens ?? inputText,
          cached: Math.min(usage?.cachedInputTokens ?? 0, usage?.inputTokens ?? inputText),
          outputText: usage?.outputTokens ?? countTokens(text),
          ...this.sound(),
        }),
      );
    };
  }

  /** The session is over: what was heard and spoken since the last clause. */
  close(): void {
    this.meter.add(totalOf(this.sound()));
  }

  private sound() {
    const { heardMs, spokenMs } = this;
    this.heardMs = 0;
    this.spokenMs = 0;
    return { inputAudio: heardTokens(heardMs), outputAudio: spokenTokens(spokenMs) };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
