/** Writes bar and line charts as SVG: enough for a page of figures, and no dependency. */
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
  await save(name, svg);
}

export interface Lines {
  readonly title: string;
  /** What the points of each line belong to, from left to right. */
  readonly ticks: readonly number[];
  readonly range: readonly [number, number];
  readonly lines: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const COLOURS = ["#3d5af1", "#d1495b", "#2a9d8f", "#8d99f7", "#e8a0aa", "#8fd1c8"];
const PLOT = { left: 56, top: 48, width: 480, height: 280 };

/** Writes `bench/plots/<name>.svg`. */
export async function writeLines(name: string, { title, ticks, range: [low, high], lines }: Lines): Promise<void> {
  const { left, top, width, height } = PLOT;
  const x = (index: number): string => (left + (index * width) / (ticks.length - 1)).toFixed(1);
  const y = (value: number): string => (top + (height * (high - Math.max(low, value))) / (high - low)).toFixed(1);
  const grid = Array.from({ length: 5 }, (_, step) => low + ((high - low) * step) / 4).map(
    (value) =>
      `<path class="grid" d="M${left} ${y(value)}h${width}"/>` +
      `<text x="${left - 8}" y="${Number(y(value)) + 5}" text-anchor="end">${value}</text>`,
  );
  const marks = ticks.map(
    (tick, at) => `<text x="${x(at)}" y="${top + height + 22}" text-anchor="middle">${tick}</text>`,
  );
  const drawn = lines.map(({ name: label, values }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const at = top + 14 + index * 24;
    return (
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${values.map((value, each) => `${x(each)},${y(value)}`).join(" ")}"/>` +
      `<path stroke="${colour}" stroke-width="3" d="M${left + width + 24} ${at - 5}h20"/>` +
      `<text x="${left + width + 52}" y="${at}">${escape(label)}</text>`
    );
  });
  await save(name, [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top + height + 40}" role="img" aria-label="${escape(title)}">`,
    `<style>text{font:14px system-ui,sans-serif;fill:#444}.title{font-size:17px;fill:#222}.grid{stroke:#ddd}</style>`,
    `<rect width="${WIDTH}" height="${top + height + 40}" fill="#fff"/><text class="title" x="16" y="28">${escape(title)}</text>`,
    ...grid,
    ...marks,
    ...drawn,
    "</svg>",
  ]);
}

async function save(name: string, svg: readonly string[]): Promise<void> {
  const folder = new URL("./plots/", import.meta.url);
  await mkdir(folder, { recursive: true });
  await writeFile(fileURLToPath(new URL(`${name}.svg`, folder)), `${svg.join("\n")}\n`);
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
