/** The language that a talk is translated into, as clients name it. */

/** What models understand best, and what no list has to be kept of. */
const ENGLISH_NAMES = new Intl.DisplayNames(["en"], { type: "language", fallback: "none" });

/** The English name of a BCP 47 tag, for example "Brazilian Portuguese"; undefined when there is no such language. */
export function languageName(tag: string): string | undefined {
  try {
    const { language } = new Intl.Locale(tag);
    return ENGLISH_NAMES.of(language) === undefined ? undefined : (ENGLISH_NAMES.of(tag) ?? ENGLISH_NAMES.of(language));
  } catch {
    return undefined;
  }
}
