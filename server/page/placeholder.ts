/** What a browser is shown while there is no page yet. */
import type { IncomingMessage, ServerResponse } from "node:http";

export type PageState = "building" | "failed";

const TEXT: Readonly<Record<PageState, string>> = {
  building: "The page is being built. The first time takes up to a minute; it opens by itself.",
  failed: "The page could not be built. The server's log says why; the API works.",
};

const RETRY_SECONDS = 2;

/** The colours of the page to come: on the root, or a dark window stays white. */
const STYLE = `
:root{color-scheme:light dark;background:light-dark(#faf8f4,#14151a);color:light-dark(#20232f,#efede8)}
body{font:1rem/1.6 system-ui,sans-serif;max-width:24rem;margin:30vh auto 0;padding:0 1rem}
h1{font:1.5rem/1.3 Georgia,"Times New Roman",serif;margin:0 0 .5rem}
p{margin:0;color:light-dark(#545866,#bdbab3)}`;

/** Answers 503: with a page that reloads itself while building, with plain text to whoever wants no page. */
export function sendPlaceholder(req: IncomingMessage, res: ServerResponse, state: PageState): void {
  const headers: Record<string, string> = { "cache-control": "no-store", "x-content-type-options": "nosniff" };
  if (state === "building") headers["retry-after"] = String(RETRY_SECONDS);
  if (req.headers.accept?.includes("text/html") !== true) {
    res.writeHead(503, { ...headers, "content-type": "text/plain; charset=utf-8" }).end(`${TEXT[state]}\n`);
    return;
  }
  res.writeHead(503, { ...headers, "content-type": "text/html; charset=utf-8" }).end(html(state));
}

function html(state: PageState): string {
  const refresh = state === "building" ? `<meta http-equiv="refresh" content="${RETRY_SECONDS}">` : "";
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${refresh}<title>antiphon</title>
<style>${STYLE}</style></head>
<body><main><h1>antiphon</h1><p role="status">${TEXT[state]}</p></main></body>
</html>
`;
}
