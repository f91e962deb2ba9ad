import type { FunctionTool } from "../../../../realtime/engine/types";
import { readSchema } from "./schema";
import { contentStems, isGeneric, soundsLike, stem } from "./vocabulary";

export interface ToolMatch {
  readonly tool: FunctionTool;
  readonly score: number;
  /** Its name was said, not only something from its description. */
  readonly strong: boolean;
  /** Stems of the words in its name that were said. */
  readonly named: readonly string[];
}

const ENOUGH = 1.5;
const ENOUGH_WITH_NAME = 2;

/** The tool that these words ask for; undefined when none is near enough. Of equals the first. */
export function matchTool(words: string, tools: readonly FunctionTool[]): ToolMatch | undefined {
  return rankTools(words, tools).find(({ score, strong }) => strong || score >= ENOUGH);
}

/** The tool nearest to these words, however far; undefined only when there are none. */
export function nearestTool(words: string, tools: readonly FunctionTool[]): FunctionTool | undefined {
  return rankTools(words, tools)[0]?.tool;
}

function rankTools(words: string, tools: readonly FunctionTool[]): ToolMatch[] {
  const said = contentStems(words);
  const [command = ""] = words.includes(" ") ? words.split(" ") : [];
  return tools.map((tool) => scored(tool, said, stem(command))).toSorted((a, b) => b.score - a.score);
}

/** Verbs that begin too many requests to tell anything. */
const VAGUE = new Set(["get", "set", "make", "tell", "do", "check", "run", "look", "give", "ask", "put"].map(stem));

function scored(tool: FunctionTool, said: readonly string[], command: string): ToolMatch {
  const { own, place } = partsOf(tool.name);
  const name = contentStems(own);
  const named = name.filter((each) => isSaid(each, said));
  const specific = name.filter((each) => !isGeneric(each));
  const points = named.map((each) => (isGeneric(each) && specific.length > 0 ? 1 : 2));
  const placed = contentStems(place).filter((each) => isSaid(each, said) && !named.includes(each) && !isGeneric(each));
  const described = contentStems(tool.description ?? "").filter((each) => said.includes(each) && !named.includes(each));
  const fitting = argumentStems(tool).filter((each) => isSaid(each, said) && !named.includes(each));
  const nameScore = points.reduce<number>((sum, each) => sum + each, 0);
  const commanded = name[0] === command && !VAGUE.has(command) ? 0.5 : 0;
  const score =
    nameScore +
    Math.min(1, placed.length) +
    commanded +
    Math.min(1.5, described.length / 2) +
    Math.min(2, fitting.length);
  return { tool, score, strong: nameScore >= ENOUGH_WITH_NAME, named };
}

/** `town__order`: where a tool lives, as with MCP servers, is not by itself what is asked for. */
function partsOf(name: string): { readonly own: string; readonly place: string } {
  const at = name.indexOf("__");
  return at <= 0 || at + 2 >= name.length
    ? { own: name, place: "" }
    : { own: name.slice(at + 2), place: name.slice(0, at) };
}

/** The names of the arguments, and the values they may take. */
function argumentStems(tool: FunctionTool): string[] {
  const stems = readSchema(tool.parameters).properties.flatMap(({ name, schema }) => {
    const values = readSchema(schema).choices.filter((each) => typeof each === "string");
    return [name, ...values].flatMap(contentStems);
  });
  return [...new Set(stems)];
}

function isSaid(stemmed: string, said: readonly string[]): boolean {
  return said.some((each) => soundsLike(each, stemmed));
}
