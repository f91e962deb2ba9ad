/** Databases for a whole test run: the embedded one, started when the first test asks, and a PostgreSQL if one answers. */
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type EmbeddedServer, startEmbedded } from "../embedded/server";
import { findPostgres } from "./postgres";

declare module "vitest" {
  interface ProvidedContext {
    embeddedSocket: string;
    postgresUrl: string | null;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "antiphon-tests-"));
  const socket = join(folder, "db");
  let embedded: Promise<EmbeddedServer> | undefined;
  // Starting it takes seconds, and most runs of single files do not need it.
  const door = createServer((incoming) => {
    embedded ??= startEmbedded({ dataDir: undefined, maxConnections: 100 });
    embedded.then(
      (server) => pipeBoth(incoming, connect(server.socket)),
      (error: Error) => incoming.destroy(error),
    );
  });
  await new Promise<void>((resolve) => door.listen(socket, resolve));
  project.provide("embeddedSocket", socket);
  project.provide("postgresUrl", await findPostgres());
  return async () => {
    door.close();
    await (await embedded?.catch(() => undefined))?.close();
    await rm(folder, { recursive: true, force: true });
  };
}

function pipeBoth(one: Socket, other: Socket): void {
  one.on("error", () => other.destroy()).pipe(other);
  other.on("error", () => one.destroy()).pipe(one);
}
