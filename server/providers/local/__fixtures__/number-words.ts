const SMALL = (
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen " +
  "eighteen nineteen"
).split(" ");
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");

/** A whole number below a billion, as it is said; `joined` puts an `and` after hundreds, as the British do. */
export function numberInWords(value: number, joined: boolean): string {
  if (value < 20) return SMALL[value]!;
  if (value < 100) return TENS[Math.floor(value / 10) - 2]! + rest(value % 10, " ", joined);
  if (value < 1_000)
    return `${SMALL[Math.floor(value / 100)]} hundred${rest(value % 100, joined ? " and " : " ", joined)}`;
  const [scale, name] = value < 1_000_000 ? [1_000, "thousand"] : [1_000_000, "million"];
  return `${numberInWords(Math.floor(value / Number(scale)), joined)} ${name}${rest(value % Number(scale), " ", joined)}`;
}

function rest(value: number, between: string, joined: boolean): string {
  return value === 0 ? "" : between + numberInWords(value, joined);
}
