/** The Next app, as one handler for requests and one for upgrades; it never gets hold of the real server. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "../../lib/logger";
import { describe } from "../start-error";
import { isAtThisMachine, requestFacts } from "../web/origin";
import { setPageHeaders } from "../web/page-headers";
import { isBuildCurrent, runBuild } from "./build";
import { sendPlaceholder, type PageState } from "./placeholder";

export interface Page {
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** Hot reload in development. False: nobody here takes it. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): Promise<void>;
}

export interface NextPageOptions {
  /** The project's root, with `app/` and `next.config.mjs`. */
  readonly dir: string;
  /** Hot reload instead of a production build. */
  readonly dev: boolean;
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
}

type RequestHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** Builds (when there is no current build) and starts the page in the background; until then it answers 503. */
export function startNextPage(options: NextPageOptions): Page {
  // Next adds its own `upgrade` listener to the server that it is given, and with it would kill our WebSockets.
  const decoy = createServer();
  const closers: (() => void | Promise<void>)[] = [];
  let handler: RequestHandler | PageState = "building";
  let closed = false;

  const start = async (): Promise<void> => {
    if (!options.dev && !(await isBuildCurrent(options.dir))) await build();
    if (closed) return;
    const { default: next } = await import("next");
    const { dir, dev, host: hostname, port } = options;
    const app = next({ dir, dev, hostname, port, httpServer: decoy, quiet: !dev });
    closers.push(() => app.close());
    await app.prepare();
    handler = app.getRequestHandler();
  };
  const build = async (): Promise<void> => {
    options.log.info("Building the page: the first start, or its sources changed. The API answers already.");
    const run = runBuild(options.dir);
    closers.push(run.stop);
    await run.done;
    options.log.info("The page is built.");
  };
  const started = start().catch((error: unknown) => {
    handler = "failed";
    if (!closed) options.log.error(`There is no page: ${describe(error)}`);
  });

  return {
    handle: (req, res) => {
      if (typeof handler === "string") return sendPlaceholder(req, res, handler);
      setPageHeaders(req, res, { dev: options.dev, isLocal: (request) => isAtThisMachine(requestFacts(request)) });
      handler(req, res).catch((error: unknown) => {
        options.log.error("The page failed to answer.", error);
        if (res.headersSent) res.destroy();
        else res.writeHead(500).end();
      });
    },
    upgrade: (req, socket, head) => isHotReload(req) && decoy.emit("upgrade", req, socket, head),
    close: async () => {
      closed = true;
      for (const close of closers) await close();
      await started;
    },
  };
}

/** Next takes no other upgrades than these. */
function isHotReload(req: IncomingMessage): boolean {
  return req.url?.startsWith("/_next/") === true;
}
