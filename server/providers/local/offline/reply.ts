import type { FunctionTool, GenerateRequest } from "../../../realtime/engine/types";
import { HOW_TO_CONNECT } from "./connect";
import { turnOf, type Turn } from "./conversation";
import { fallback } from "./fallback";
import { splitRequests } from "./requests";
import { listed, spokenName } from "./sentences";
import type { Skill, SkillContext } from "./skill";
import { about } from "./skills/about";
import { clock } from "./skills/clock";
import { count } from "./skills/count";
import { greeting, OFFER } from "./skills/greeting";
import { memory } from "./skills/memory";
import { repeat } from "./skills/repeat";
import { spell } from "./skills/spell";
import { sums } from "./skills/sums";
import { argumentsFor } from "./tools/arguments";
import { matchTool, nearestTool } from "./tools/match";
import { spokenResults } from "./tools/results";
import { stem } from "./tools/vocabulary";
import { utteranceOf } from "./utterance";

export interface Reply {
  readonly text: string;
  readonly calls: readonly Call[];
}

export interface Call {
  readonly name: string;
  /** JSON. */
  readonly arguments: string;
}

export type Surroundings = Pick<SkillContext, "now" | "locale" | "timeZone">;
type Asked = Pick<GenerateRequest, "items" | "tools" | "toolChoice" | "parallelToolCalls">;

/** These begin with a word of command, so a tool has to have that very word in its name to come first. */
const COMMANDS: readonly Skill[] = [memory, repeat, spell, count];
const QUESTIONS: readonly Skill[] = [clock, sums, greeting, about];
const MOST_CHARACTERS = 2_000;

const HELLO = "Hello! I am antiphon's built-in offline responder. Ask me what I can do.";
const BLIND = "I cannot see pictures; that takes a real model.";
const DEAF = "I could not make out any words. Please say it again.";

/** The whole answer at once; who called a tool since the last message gets its result read, whatever the tool choice. */
export function replyTo(asked: Asked, surroundings: Surroundings): Reply {
  const turn = turnOf(asked.items);
  if (turn.results.length > 0) return say(resultsOf(turn));
  const forced = forcedCalls(asked, turn, surroundings);
  if (forced) return { text: "", calls: forced };
  if (turn.pending.length > 0) return say(waitingFor(turn.pending));
  if (turn.heard === undefined) return say(HELLO);
  const seen = turn.images > 0 ? BLIND : "";
  if (turn.heard === "") return say(seen === "" ? DEAF : withHint(seen, turn));
  return answer({ asked, turn, surroundings, seen });
}

interface Question {
  readonly asked: Asked;
  readonly turn: Turn;
  readonly surroundings: Surroundings;
  /** What has to be said of pictures; empty without any. */
  readonly seen: string;
}

function answer({ asked, turn, surroundings, seen }: Question): Reply {
  const heard = (turn.heard ?? "").slice(0, MOST_CHARACTERS);
  const responder = new Responder(asked, turn, surroundings);
  const { requests, unanswered } = splitRequests(heard, (text) => responder.answer(text) !== undefined);
  const answers = requests.flatMap((text) => responder.answer(text) ?? []);
  const texts = answers.flatMap((each) => (typeof each === "string" ? [each] : []));
  const calls = answers.flatMap((each) => (typeof each === "string" ? [] : [each]));
  if (seen !== "") texts.unshift(texts.length + calls.length > 0 ? seen : withHint(seen, turn));
  else if (unanswered !== undefined) texts.push(fallback(unanswered, turn.introduced));
  return {
    text: joined(texts, calls.length > 0),
    calls: asked.parallelToolCalls === false ? calls.slice(0, 1) : calls,
  };
}

/** One text: nothing is said twice, and help is not offered where it is given. */
function joined(texts: readonly string[], more: boolean): string {
  const said = [...new Set(texts)];
  return said.map((each, i) => (more || i < said.length - 1 ? each.replace(` ${OFFER}`, "") : each)).join(" ");
}

/** Answers one request at a time, and remembers its answers: the same request is looked at more than once. */
class Responder {
  readonly #known = new Map<string, string | Call | undefined>();
  readonly #context: SkillContext;
  readonly #tools: readonly FunctionTool[];

  constructor(
    asked: Asked,
    turn: Turn,
    private readonly surroundings: Surroundings,
  ) {
    this.#tools = asked.toolChoice === "none" ? [] : asked.tools;
    const tools = this.#tools.map(({ name }) => spokenName(name));
    this.#context = { ...surroundings, tools, earlier: turn.earlier, lastSaid: turn.lastSaid };
  }

  answer(text: string): string | Call | undefined {
    if (!this.#known.has(text)) this.#known.set(text, this.#find(text));
    return this.#known.get(text);
  }

  #find(text: string): string | Call | undefined {
    const utterance = utteranceOf(text);
    const match = matchTool(utterance.core, this.#tools);
    const ask = (skills: readonly Skill[]): string | undefined => {
      for (const skill of skills) {
        const said = skill(utterance, this.#context);
        if (said !== undefined) return said;
      }
      return undefined;
    };
    const call = match && callOf(match.tool, text, this.surroundings);
    const commanded = match?.strong && match.named.includes(stem(utterance.words[0] ?? "")) ? undefined : ask(COMMANDS);
    return commanded ?? (match?.strong ? call : undefined) ?? ask(QUESTIONS) ?? call;
  }
}

/** The calls that the tool choice demands; undefined when it leaves the choice to us. */
function forcedCalls(
  { tools, toolChoice, items, ...asked }: Asked,
  turn: Turn,
  surroundings: Surroundings,
): Call[] | undefined {
  const heard = (turn.heard ?? "").slice(0, MOST_CHARACTERS);
  if (typeof toolChoice === "object") {
    const tool = tools.find(({ name }) => name === toolChoice.name);
    return tool && [callOf(tool, heard, surroundings)];
  }
  const nearest = toolChoice === "required" ? nearestTool(heard, tools) : undefined;
  if (!nearest) return undefined;
  const { calls } = answer({ asked: { ...asked, tools, toolChoice, items }, turn, surroundings, seen: "" });
  return calls.length > 0 ? [...calls] : [callOf(nearest, heard, surroundings)];
}

function callOf(tool: FunctionTool, text: string, { now }: Surroundings): Call {
  return { name: tool.name, arguments: argumentsFor(tool, text, now) };
}

function resultsOf({ results, pending }: Turn): string {
  const spoken = spokenResults(results);
  return pending.length > 0 ? `${spoken} ${waitingFor(pending)}` : spoken;
}

function waitingFor(names: readonly string[]): string {
  return `I am still waiting for ${listed(names.map(spokenName))}.`;
}

function withHint(text: string, { introduced }: Turn): string {
  return introduced ? text : `${text} ${HOW_TO_CONNECT}`;
}

function say(text: string): Reply {
  return { text, calls: [] };
}
