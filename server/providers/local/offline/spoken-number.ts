const LARGEST_EXACT = 1e15;
const SMALLEST_SHOWN = 1e-6;

/** A number as it is read aloud: `1,234.5`, `minus 7`, `about 3.333333`. */
export function spokenNumber(value: number): string {
  if (value < 0) return `minus ${spokenNumber(-value)}`;
  // Sums of decimals end in the noise of binary fractions; ten digits are what a person would expect.
  const tidy = Number(value.toPrecision(12));
  if (tidy >= LARGEST_EXACT || (tidy !== 0 && tidy < SMALLEST_SHOWN)) return `about ${scientific(tidy)}`;
  const shown = (Number.isSafeInteger(value) ? value : tidy).toLocaleString("en-US", { maximumFractionDigits: 6 });
  const exact = Number.isSafeInteger(value) || Number(shown.replaceAll(",", "")) === tidy;
  return exact ? shown : `about ${shown}`;
}

function scientific(value: number): string {
  const [digits, exponent] = value.toExponential(2).split("e");
  return `${Number(digits)} times 10 to the power of ${spokenNumber(Number(exponent))}`;
}
