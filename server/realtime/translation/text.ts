/** Texts that only grow: what is added to them, and where a space belongs. */
import { createClauseSplitter } from "../engine/clauses";
import type { TranscriptEvent } from "../engine/types";

const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** Without any punctuation, a clause of so many words is cut between two of them. */
const MOST_WORDS = 18;

/** A text that is told piece by piece; clients put no spaces between the pieces themselves. */
export class GrowingText {
  private last = "";

  /** A piece that goes on where the one before ended. */
  add(piece: string): string {
    if (piece !== "") this.last = piece;
    return piece;
  }

  /** The first piece of another clause or utterance, with the space that parts it from the one before. */
  begin(piece: string): string {
    const text = piece.trimStart();
    if (text === "") return "";
    return this.add(needsSpace(this.last, text) ? ` ${text}` : text);
  }
}

function needsSpace(before: string, after: string): boolean {
  if (before === "" || /\s$/.test(before)) return false;
  return !(UNSPACED.test([...before].at(-1) ?? "") || UNSPACED.test([...after][0] ?? ""));
}

/** The words of one utterance as they come, each once; what the whole transcript says otherwise is too late. */
export async function* newWords(events: AsyncIterable<TranscriptEvent>): AsyncGenerator<string, void> {
  let said = "";
  for await (const event of events) {
    if (event.type === "segment") continue;
    const text = event.type === "delta" ? event.text : unsaid(said, event.text);
    said += text;
    if (text !== "") yield text;
  }
}

function unsaid(said: string, whole: string): string {
  if (said.trim() === "") return whole;
  if (whole.startsWith(said)) return whole.slice(said.length);
  const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");
  const rest = words(whole).slice(words(said).length);
  return rest.length === 0 ? "" : ` ${rest.join(" ")}`;
}

/** Cuts the words of one utterance into clauses that can be translated: at punctuation, else when they grow long. */
export class ClauseCutter {
  private readonly splitter = createClauseSplitter();
  private pending = "";

  push(text: string): string[] {
    const long = this.pending.split(/\s+/).length > MOST_WORDS;
    const between = /\s$/.test(this.pending) || /^\s/.test(text);
    const clauses = long && between ? this.flush() : [];
    this.pending += text;
    for (const clause of this.splitter.push(text)) {
      this.pending = this.pending.slice(clause.length);
      clauses.push(clause);
    }
    return clauses.filter((clause) => clause.trim() !== "");
  }

  flush(): string[] {
    this.pending = "";
    return this.splitter.flush().filter((clause) => clause.trim() !== "");
  }
}
