/** An Ollama that answers. It serves its models to OpenAI clients at `${baseUrl}/v1`. */
export interface OllamaFound {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** Names of the models that can chat, the best for conversation first; empty when none is installed. */
  readonly models: readonly string[];
}

/** In billions: more than this takes too long for speech on most machines. */
const LARGEST_QUICK = 10;
const SMALLEST_ABLE = 1;

/** Asks for the installed models; undefined when no Ollama answers within `timeoutMs` milliseconds. Never throws. */
export async function findOllama(
  baseUrl = "http://127.0.0.1:11434",
  timeoutMs = 300,
): Promise<OllamaFound | undefined> {
  const root = baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "");
  try {
    const response = await fetch(`${root}/api/tags`, { signal: AbortSignal.timeout(timeoutMs), redirect: "error" });
    if (!response.ok) return undefined;
    const models = modelsOf(await response.json());
    return models && { baseUrl: root, models: ranked(models) };
  } catch {
    return undefined;
  }
}

interface OllamaModel {
  readonly name: string;
  /** Billions of parameters; undefined when unknown. */
  readonly size: number | undefined;
  readonly tools: boolean;
  /** Runs in Ollama's cloud: needs an account and a network. */
  readonly remote: boolean;
}

function modelsOf(body: unknown): OllamaModel[] | undefined {
  const list = field(body, "models");
  return Array.isArray(list) ? list.flatMap(chatModel) : undefined;
}

function chatModel(entry: unknown): OllamaModel[] {
  const name = field(entry, "name");
  if (typeof name !== "string" || name === "") return [];
  const details = field(entry, "details");
  // Older versions do not tell what a model can do: then its name and family have to.
  const capabilities = strings(field(entry, "capabilities"));
  const families = [field(details, "family"), ...strings(field(details, "families"))].join(" ");
  const chats = capabilities.length > 0 ? capabilities.includes("completion") : !/bert/.test(families);
  if (!chats || /embed|minilm|\bbge\b|rerank/i.test(name)) return [];
  return [
    {
      name,
      size: billions(field(details, "parameter_size")),
      tools: capabilities.includes("tools"),
      remote: typeof field(entry, "remote_host") === "string" || /[:-]cloud$/.test(name),
    },
  ];
}

/** Local before remote, with tools before without, then the largest of those that answer quickly. */
function ranked(models: readonly OllamaModel[]): string[] {
  const order = (model: OllamaModel): number[] => [
    model.remote ? 1 : 0,
    model.tools ? 0 : 1,
    ...(model.size === undefined
      ? [1, 0]
      : model.size > LARGEST_QUICK
        ? [2, model.size]
        : [model.size < SMALLEST_ABLE ? 1 : 0, -model.size]),
  ];
  const keyed = models.map((model) => ({ name: model.name, key: order(model) }));
  keyed.sort((a, b) => {
    const at = a.key.findIndex((value, i) => value !== b.key[i]);
    return at < 0 ? 0 : a.key[at]! - b.key[at]!;
  });
  return keyed.map(({ name }) => name);
}

/** `4.3B` is 4.3, `270M` is 0.27. */
function billions(size: unknown): number | undefined {
  const match = typeof size === "string" ? /^([\d.]+)\s*([KMBT])$/i.exec(size.trim()) : null;
  if (!match) return undefined;
  const scale = { K: 1e-6, M: 1e-3, B: 1, T: 1e3 }[match[2]!.toUpperCase()] ?? 1;
  return Number(match[1]) * scale;
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
