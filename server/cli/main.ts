#!/usr/bin/env node
/** `antiphon`: serve the API, or talk to any server that speaks it. */
import { Command } from "commander";
import { EnvError, loadEnvFile } from "../../lib/env";
import packageJson from "../../package.json" with { type: "json" };
import { CliError } from "./errors";
import { requireStoragePackages } from "./storage-packages";
import { talk, type TalkOptions } from "./talk";

const program = new Command("antiphon")
  .description("The OpenAI Realtime API, answered from your own server.")
  .version(packageJson.version);

program
  .command("serve")
  .description("serve the API alone, without the page; configured by environment variables and .env, like npm start")
  .action(serve);

program
  .command("talk")
  .description("talk to a realtime server: one turn, or every line of standard input")
  .argument("[text]", "what to say; - sends standard input as audio (WAV, or 24 kHz 16-bit mono)")
  .option("--url <url>", "the server, in any usual form (default: http://localhost:3000)")
  .option("--key <key>", "API key (default: ANTIPHON_API_KEY, OPENAI_API_KEY, or the key of this folder's server)")
  .option("--model <name>", "model to ask for")
  .option("--voice <name>", "voice to answer with")
  .option("--wav <file>", "send a recording of any sample rate instead of text; - is standard input")
  .option("--out <file>", "write the reply's audio to a WAV file")
  .option("--events", "print every event that comes as a line of JSON, instead of the words")
  .option("--text-only", "ask for text without audio")
  .option("--insecure", "accept any TLS certificate")
  .action(runTalk);

async function serve(): Promise<void> {
  Object.assign(process.env, { NODE_ENV: process.env.NODE_ENV ?? "production" });
  // Loaded only when it is wanted: `talk` must start quickly, and needs none of it.
  const [{ run }, { localProviders }] = await Promise.all([import("../run"), import("../stages/local-providers")]);
  await run({
    providers: localProviders,
    // Without DATABASE_URL it needs no storage: the bootstrap keys, and everything else forgotten with the process.
    openStorage: ({ storage }) => {
      if (storage.databaseUrl === undefined) return undefined;
      requireStoragePackages(storage);
      return async (options) => (await import("../storage/storage")).openStorage(options);
    },
  });
}

async function runTalk(text: string | undefined, options: TalkOptions): Promise<void> {
  // The reader of a pipe may leave early, as `head` does.
  process.stdout.on("error", () => process.exit(1));
  try {
    loadEnvFile();
    await talk(text, options, process);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof CliError) && !(error instanceof EnvError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

await program.parseAsync();
