/** Words whose full stop does not end a sentence. Single letters ("J. Smith", "U.S.", "e.g.", "z. B.") need no list. */
const ALWAYS = new Set(
  (
    "mr mrs ms dr prof rev fr hon pres gov sen rep gen col maj capt lt sgt cpl st mt ft messrs mmes vs cf viz approx " +
    "ph.d b.sc m.sc ca bzw vgl hr frau dipl ing sra srta mme mlle dott sig"
  ).split(" "),
);

/** Words that abbreviate only before a number: "No. 5", "Fig. 3", "Jan. 2". Elsewhere "No." is a whole sentence. */
const BEFORE_NUMBERS = new Set(
  (
    "no nos nr fig figs vol vols p pp ch sec sect art eq par para tel ext jan feb mar apr jun jul aug sep sept oct nov " +
    "dec"
  ).split(" "),
);

/** The last word before a full stop and whatever may close after it. The end of an address or of "10:30" is no word. */
const WORD_AND_STOP = /(?:^|[\s("“‘'[*_—-])([\p{L}\p{N}][\p{L}\p{N}.]*)\.["'”’»)\]*_~`]*\s*$/u;
const SINGLE_LETTER = /(?:^|\.)[\p{Lu}\p{Ll}]$/u;
/** "1." of a list, "3." of a German date. */
const SHORT_NUMBER = /^\d{1,2}$/;

/** Whether the full stop that ends `text` belongs to its last word, when `next` is the first character after it. */
export function endsInAbbreviation(text: string, next: string): boolean {
  const word = WORD_AND_STOP.exec(text)?.[1];
  if (word === undefined) return false;
  if (SHORT_NUMBER.test(word) || SINGLE_LETTER.test(word)) return true;
  const lower = word.toLowerCase();
  return ALWAYS.has(lower) || (BEFORE_NUMBERS.has(lower) && /\d/.test(next));
}
