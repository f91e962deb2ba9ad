import { HOW_TO_CONNECT } from "./connect";
import { clipped } from "./sentences";

const MOST_CHARACTERS = 160;

/** An honest answer to what no skill understands; `introduced` when the way to a real model was told before. */
export function fallback(heard: string, introduced: boolean): string {
  const words = clipped(heard.replace(/\s+/g, " ").replace(/["“”]/g, "'").trim(), MOST_CHARACTERS);
  if (introduced) return `I heard "${words}", but without a real model I cannot answer that.`;
  return `I heard "${words}". I am only antiphon's built-in offline responder and cannot answer that. ${HOW_TO_CONNECT}`;
}
