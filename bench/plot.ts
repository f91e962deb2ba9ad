/** Writes a bar chart as SVG: enough for a page of figures, and no dependency. */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

export interface Bars {
  readonly title: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}

const WIDTH = 760;
const ROW = 34;
const LABELS = 290;

/** Writes `bench/plots/<name>.svg`. */
export async function writeBars(name: string, { title, bars }: Bars): Promise<void> {
  const most = Math.max(...bars.map((bar) => bar.value));
  const scale = (WIDTH - LABELS - 80) / most;
  const rows = bars.map(({ name: label, value }, index) => {
    const y = 48 + index * ROW;
    const width = Math.max(1, value * scale);
    return (
      `<text x="${LABELS - 12}" y="${y + 16}" text-anchor="end">${escape(label)}</text>` +
      `<rect x="${LABELS}" y="${y}" width="${width.toFixed(1)}" height="22" rx="3"/>` +
      `<text x="${(LABELS + width + 8).toFixed(1)}" y="${y + 16}">${Math.round(value)}</text>`
    );
  });
  const height = 60 + bars.length * ROW;
  const style = "text{font:14px system-ui,sans-serif;fill:#444}.title{font-size:17px;fill:#222}rect{fill:#3d5af1}";
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(title)}">`,
    `<style>${style}</style><rect width="${WIDTH}" height="${height}" style="fill:#fff"/>`,
    `<text class="title" x="16" y="28">${escape(title)}</text>`,
    ...rows,
    "</svg>",
  ];
  const folder = new URL("./plots/", import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(fileURLToPath(new URL(`${name}.svg`, folder)), `${svg.join("\n")}\n`);
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
