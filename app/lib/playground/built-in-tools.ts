/** Functions that the page carries out by itself, so that tools can be tried before there are any. */
import { chooseTheme } from "../theme";

export interface BuiltInTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Takes arguments of any shape: models write them. Throws an Error in words for the model. */
  run(args: Readonly<Record<string, unknown>>): unknown;
}

const setTheme: BuiltInTool = {
  name: "set_theme",
  description: "Switches the theme of this page to light or dark",
  parameters: {
    type: "object",
    properties: { theme: { type: "string", enum: ["light", "dark"] } },
    required: ["theme"],
    additionalProperties: false,
  },
  run: ({ theme }) => {
    if (theme !== "light" && theme !== "dark") throw new Error("The theme is light or dark.");
    chooseTheme(theme);
    return { theme };
  },
};

const rollDice: BuiltInTool = {
  name: "roll_dice",
  description: "Rolls dice, by chance that no model has",
  parameters: {
    type: "object",
    properties: {
      count: { type: "integer", minimum: 1, maximum: 20, default: 1 },
      sides: { type: "integer", minimum: 2, maximum: 100, default: 6 },
    },
    additionalProperties: false,
  },
  run: ({ count = 1, sides = 6 }) => {
    if (!isWithin(count, 1, 20)) throw new Error("From 1 to 20 dice can be rolled.");
    if (!isWithin(sides, 2, 100)) throw new Error("Dice have 2 to 100 sides.");
    return { rolled: Array.from({ length: count }, () => 1 + below(sides)) };
  },
};

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

/** Every number below `end` is as likely: what would favour the small ones is drawn again. */
function below(end: number): number {
  const fair = Math.floor(2 ** 32 / end) * end;
  const [drawn = fair] = crypto.getRandomValues(new Uint32Array(1));
  return drawn < fair ? drawn % end : below(end);
}

export const BUILT_IN_TOOLS: readonly BuiltInTool[] = [setTheme, rollDice];

/** The output of a call; undefined when `name` is no built-in tool. */
export function runBuiltIn(name: string, json: string): string | undefined {
  const tool = BUILT_IN_TOOLS.find((each) => each.name === name);
  if (tool === undefined) return undefined;
  try {
    const args: unknown = JSON.parse(json === "" ? "{}" : json);
    if (typeof args !== "object" || args === null) throw new Error("The arguments are no JSON object.");
    return JSON.stringify(tool.run({ ...args }));
  } catch (error) {
    return JSON.stringify({ error: error instanceof Error ? error.message : "The tool failed." });
  }
}
