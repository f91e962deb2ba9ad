/** Words of more than 40 characters are cut: Flite spells them out, or overflows its stack. */
const LONG_WORD = /\S{40}/g;
/** How much one call gets, see `weigh`; Flite's time and memory grow with it (awb: 0.3 s and 25 MB). */
const PIECE_WEIGHT = 200;
const SMALLEST_PIECE = 0.5;

/** Where to cut, best first. */
const PAUSES = [/[.!?]["')]* /g, /[,;:] /g, / /g];

/** Letters that do not fall apart into an ASCII letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: "ss", æ: "ae", Æ: "Ae", œ: "oe", Œ: "Oe", ø: "o", Ø: "O", ł: "l", Ł: "L" },
  ...{ đ: "d", Đ: "D", ð: "d", Ð: "D", þ: "th", Þ: "Th", ı: "i", "⁄": "/" },
};

/** What Flite would leave out, though a reader says it. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/<\/?[a-z][^<>]{0,200}>/giu, " "],
  [/[\p{Cc}\p{Cf}\p{Z}]+/gu, " "],
  [/[‘’‚‛′´]/gu, "'"],
  [/[“”„‟″«»]/gu, '"'],
  [/…/gu, ". "],
  [/−(?=\s?\d)/gu, " minus "],
  [/(?<=\d)[–—](?=\d)/gu, " to "],
  [/[–—―]/gu, ", "],
  [/×/gu, " times "],
  [/÷/gu, " divided by "],
  [/≈/gu, " about "],
  [/≠/gu, " is not equal to "],
  [/≤/gu, " less than or equal to "],
  [/≥/gu, " greater than or equal to "],
  [/±/gu, " plus or minus "],
  [/(?<=\d)\s*\*\s*(?=\d)/gu, " times "],
  [/(?<=\d)\s+-\s+(?=\d)/gu, " minus "],
  [/(?<=\d)\s+\/\s+(?=\d)/gu, " divided by "],
  [/°\s?C\b/gu, " degrees Celsius "],
  [/°\s?F\b/gu, " degrees Fahrenheit "],
  [/°/gu, " degrees "],
  [/<(?=\s*[\d-])/gu, " less than "],
  [/>(?=\s*[\d-])/gu, " greater than "],
  [/€\s?(\d[\d.,]*\d|\d)/gu, "$1 euros "],
  [/£\s?(\d[\d.,]*\d|\d)/gu, "$1 pounds "],
  [/€/gu, " euros "],
  [/£/gu, " pounds "],
  [/(?<=[a-z\d]{2})\.(?=[a-z]{2})/gu, " dot "],
  [/(?<=\d)(?=[¼½¾⅓⅔⅛])/gu, " "],
];

/**
 * A text as Flite can say it: printable ASCII in one line, without what would not be heard. Letters of other alphabets,
 * emoji and markup are left out. Empty when nothing is left to say.
 */
export function speakableAscii(text: string): string {
  const said = SIGNS.reduce((rest, [sign, words]) => rest.replace(sign, words), text.normalize("NFC"));
  const ascii = said
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^\x20-\x7e]/gu, (letter) => LETTERS[letter] ?? " ")
    .replace(/([^a-z\d\s+])\1+/gi, "$1")
    .replace(LONG_WORD, "$& ")
    .replace(/\s+/g, " ")
    .replace(/ (?=[.,;:!?](?: |$))/g, "")
    .replace(/^[-\s.,;:!?]+(?!\d)/, "")
    .trim();
  return /[a-z\d%&@#$+=^~_|*]/i.test(ascii) ? ascii : "";
}

/**
 * Cuts a text, already made speakable, where a speaker would pause, into pieces that Flite says quickly. `speed` counts,
 * because slow speech is longer. Most texts are one piece.
 */
export function cutForFlite(text: string, speed: number): string[] {
  const most = PIECE_WEIGHT * Math.min(1, Math.max(SMALLEST_PIECE, speed));
  const pieces: string[] = [];
  let rest = text;
  while (rest !== "") {
    const at = cutPoint(rest, most);
    pieces.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trimStart();
  }
  return pieces;
}

function cutPoint(text: string, most: number): number {
  let end = 0;
  for (let weight = 0; end < text.length; end++) {
    weight += weigh(text[end]!);
    if (weight > most) break;
  }
  if (end === text.length) return end;
  const reach = text.slice(0, end);
  for (const pause of PAUSES) {
    const last = [...reach.matchAll(pause)].at(-1);
    if (last) return last.index + last[0].length;
  }
  return end;
}

/** About the letters that are spoken for it: a digit becomes a word, and so does a sign. */
function weigh(char: string): number {
  if (/[a-z\s.,;:!?'"-]/i.test(char)) return 1;
  return 5;
}
