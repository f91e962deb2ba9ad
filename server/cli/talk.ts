/** `antiphon talk`: a terminal client for any realtime server. */
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import type { EnvSource } from "../../lib/env";
import type { Pcm } from "../realtime/audio/pcm";
import { readAudio, writeAudio } from "./audio";
import { connect } from "./connection";
import { Conversation, type ConversationOutput } from "./conversation";
import { CliError } from "./errors";
import { findTarget, type TargetOptions } from "./target";

export interface TalkOptions extends TargetOptions {
  readonly voice?: string;
  /** A WAV file to send instead of words; `-` for standard input. */
  readonly wav?: string;
  /** Where the reply's audio is written. */
  readonly out?: string;
  /** Print every event that comes as a line of JSON, instead of the words. */
  readonly events?: boolean;
  readonly textOnly?: boolean;
  readonly insecure?: boolean;
}

export interface TalkIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: EnvSource;
}

/**
 * Sends `words` (one turn), a recording, or every line of standard input, and prints the replies. `-` instead of words
 * is a recording on standard input. Throws `CliError`.
 */
export async function talk(words: string | undefined, options: TalkOptions, io: TalkIo): Promise<void> {
  const wav = words === "-" ? "-" : options.wav;
  if (words !== undefined && words !== "-" && wav !== undefined) throw new CliError("Give words or --wav, not both.");
  if (options.out !== undefined && options.textOnly === true)
    throw new CliError("--out needs audio, which --text-only leaves out: give one of them.");
  const recording = wav === undefined ? undefined : await readAudio(wav, io.stdin);
  const audio: Buffer[] = [];
  const connection = await connect({
    ...findTarget(options, io.env),
    insecure: options.insecure ?? false,
    onFrame: (frame) => options.events === true && io.stdout.write(`${frame}\n`),
  });
  try {
    const conversation = new Conversation(connection, {
      textOnly: options.textOnly ?? false,
      voice: options.voice,
      hears: recording !== undefined,
      output: printer(options, io, audio),
    });
    await conversation.begin();
    await converse(conversation, { words, recording, io });
  } finally {
    connection.close();
  }
  if (options.out !== undefined) {
    if (audio.length === 0) throw new CliError(`The reply had no audio: ${options.out} is not written.`);
    await writeAudio(options.out, audio);
  }
}

interface Input {
  readonly words: string | undefined;
  readonly recording: Pcm | undefined;
  readonly io: TalkIo;
}

async function converse(conversation: Conversation, { words, recording, io }: Input): Promise<void> {
  if (recording !== undefined) return conversation.speak(recording);
  if (words !== undefined) return conversation.say(words);
  const interactive = io.stdin.isTTY === true;
  const lines = createInterface({ input: io.stdin, output: interactive ? io.stderr : undefined, prompt: "> " });
  let closed = false;
  lines.once("close", () => (closed = true));
  // Input may end while the last answer is still being spoken; newer Node throws when a closed reader is asked to prompt.
  const prompt = (): void => {
    if (interactive && !closed) lines.prompt();
  };
  prompt();
  for await (const line of lines) {
    // A refused or failed turn need not end a conversation that somebody is in the middle of.
    if (line.trim() !== "") await conversation.say(line).catch((error: unknown) => forgive(error, interactive, io));
    prompt();
  }
}

function forgive(error: unknown, interactive: boolean, io: TalkIo): void {
  if (!interactive || !(error instanceof CliError) || error.final) throw error;
  io.stderr.write(`${error.message}\n`);
}

/** Words go to standard output, all else to standard error, so that a reply can be piped on. */
function printer({ events, out }: TalkOptions, { stdout, stderr }: TalkIo, audio: Buffer[]): ConversationOutput {
  let open = false;
  const print = (text: string): void => {
    if (events !== true) stdout.write(text);
  };
  const end = (): void => {
    if (open) print("\n");
    open = false;
  };
  return {
    words: (text) => {
      open = true;
      print(text);
    },
    audio: (chunk) => {
      if (out !== undefined) audio.push(chunk);
    },
    note: (text) => {
      end();
      stderr.write(`${text}\n`);
    },
    end,
  };
}
