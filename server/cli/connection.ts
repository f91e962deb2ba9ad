/** A WebSocket to a realtime server, with its events in order and every way to fail as one sentence. */
import { rootCertificates } from "node:tls";
import { WebSocket } from "ws";
import { describe, systemCode } from "../start-error";
import { CliError } from "./errors";
import { failureText, readEvent, type TalkEvent } from "./events";
import type { Target } from "./target";

export interface ConnectOptions extends Target {
  /** Accept any certificate. */
  readonly insecure: boolean;
  /** Told of every frame as it came. */
  readonly onFrame?: (frame: string) => void;
}

export interface Connection {
  send(event: object): void;
  /**
   * The next event that means something to us. Throws `CliError` when none comes in time, or the connection ends: with
   * the server's last error as the reason, if it sent one.
   */
  next(timeoutMs?: number): Promise<TalkEvent>;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_MS = 60_000;

/** Connects and waits for the socket to open. Throws `CliError`. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const { url, key, ca, insecure } = options;
  const socket = new WebSocket(url, {
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    handshakeTimeout: CONNECT_TIMEOUT_MS,
    rejectUnauthorized: !insecure,
    maxPayload: 64 * 1024 * 1024,
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
  });
  const inbox = new Inbox(options);
  socket.on("message", (data) => inbox.frame(String(data)));
  socket.on("close", (code, reason) => inbox.end(closeText(code, reason.toString())));
  await opened(socket, url);
  socket.on("error", (error) => inbox.end(`The connection broke: ${error.message}.`));
  return {
    send: (event) => socket.send(JSON.stringify(event)),
    next: (timeoutMs = SILENCE_MS) => inbox.next(timeoutMs),
    close: () => socket.close(1000),
  };
}

function opened(socket: WebSocket, url: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", (error) => reject(new CliError(connectText(error, url), { cause: error })));
    socket.once("unexpected-response", (_, response) => {
      reject(
        new CliError(
          `${url.origin}${url.pathname} answered HTTP ${response.statusCode ?? "?"} instead of opening a session.`,
        ),
      );
      response.destroy();
    });
  });
}

class Inbox {
  private readonly events: TalkEvent[] = [];
  private ended: string | undefined;
  private lastError: string | undefined;
  private wake: (() => void) | undefined;

  constructor(private readonly options: ConnectOptions) {}

  frame(frame: string): void {
    this.options.onFrame?.(frame);
    const event = readEvent(parse(frame));
    if (event === undefined) return;
    if (event.type === "error") this.lastError = failureText(event.error);
    this.events.push(event);
    this.wake?.();
  }

  end(reason: string): void {
    this.ended ??= reason;
    this.wake?.();
  }

  async next(timeoutMs: number): Promise<TalkEvent> {
    const event = this.events.shift();
    if (event !== undefined) return event;
    if (this.ended !== undefined) throw new CliError(this.lastError ?? this.ended);
    let timer: NodeJS.Timeout | undefined;
    const arrived = await new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), timeoutMs);
      this.wake = () => resolve(true);
    });
    clearTimeout(timer);
    if (!arrived) throw new CliError(`The server said nothing for ${Math.round(timeoutMs / 1000)} s.`);
    return this.next(timeoutMs);
  }
}

function parse(frame: string): unknown {
  try {
    return JSON.parse(frame);
  } catch {
    return undefined;
  }
}

function closeText(code: number, reason: string): string {
  return `The server closed the connection (${code}${reason === "" ? "" : ` ${reason}`}).`;
}

const UNTRUSTED = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

function connectText(error: Error, url: URL): string {
  const code = systemCode(error) ?? "";
  // Node tries every address of a name, and reports them together without a message of its own.
  if (code === "ECONNREFUSED") return `Nothing listens at ${url.host}: start the server, or name it with --url.`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `The name ${url.hostname} is not known: check --url.`;
  if (UNTRUSTED.has(code))
    return `${url.host} shows a certificate that is not trusted: set NODE_EXTRA_CA_CERTS to its authority, or pass --insecure.`;
  return `Cannot connect to ${url.origin}: ${describe(error) || code}.`;
}
