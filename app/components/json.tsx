/** A key with its colon, a string, or a word or number. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON with its keys, texts and figures told apart. */
export function Json({ text }: { readonly text: string }) {
  const parts: { readonly text: string; readonly look: string | undefined }[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, quoted, colon] = match;
    parts.push({ text: text.slice(end, match.index), look: undefined });
    parts.push({
      text: token,
      look: colon !== undefined ? "text-ink" : quoted !== undefined ? "text-leaf" : "text-vermilion",
    });
    end = match.index + token.length;
  }
  parts.push({ text: text.slice(end), look: undefined });
  return parts.map((part, i) => (
    <span key={i} className={part.look}>
      {part.text}
    </span>
  ));
}
