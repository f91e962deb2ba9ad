/** A real SMTP server on this machine, which keeps what it is given. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

export interface Received {
  readonly to: readonly string[];
  /** Headers and text as they came, soft line breaks undone. */
  readonly raw: string;
}

export interface Mailbox {
  readonly port: number;
  readonly letters: readonly Received[];
  /** The link in the newest letter to `address`, waited for. */
  linkTo(address: string): Promise<string>;
  close(): Promise<void>;
}

/** How long a letter may take to come, on a machine that is busy. */
const PATIENCE_MS = 30_000;

export async function startMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const letters: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: options.key === undefined ? ["STARTTLS"] : [],
    onData: (stream, { envelope }, done) => {
      text(stream).then((raw) => {
        letters.push({ to: envelope.rcptTo.map(({ address }) => address), raw: raw.replace(/=\r\n/g, "") });
        done();
      }, done);
    },
    ...options,
  });
  // Clients that dislike the certificate hang up.
  server.on("error", () => undefined);
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const find = (address: string): string | undefined => {
    const letter = letters.findLast(({ to }) => to.includes(address));
    return letter && /https?:\/\/\S+/.exec(letter.raw.replaceAll("=3D", "="))?.[0];
  };
  return {
    port: (listening.address() as AddressInfo).port,
    letters,
    linkTo: async (address) => {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const link = find(address);
        if (link !== undefined) return link;
        if (Date.now() > deadline) throw new Error(`No letter came to ${address}.`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
