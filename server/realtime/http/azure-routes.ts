/** The same REST routes where Azure's clients look for them. */
import type { Route } from "./router";

/** Azure's places for what lies below the base path: by date, and without one. */
const PLACES = [
  { below: "/openai/realtime", suffix: "OnAzure" },
  { below: "/openai/v1/realtime", suffix: "OnAzureV1" },
] as const;

/** Where beta clients of Azure ask for their keys. */
const OLDER = ["sessions", "transcription_sessions"];

export interface AzureRoutesOptions {
  readonly basePath: string;
  /** What lies in front of `/openai`. */
  readonly prefix: string;
}

export function azureRoutes(routes: readonly Route[], { basePath, prefix }: AzureRoutesOptions): Route[] {
  const moved = PLACES.flatMap(({ below, suffix }) =>
    routes.flatMap((route) => movedTo(route, { basePath, target: prefix + below, suffix })),
  );
  const older = OLDER.flatMap((name) =>
    routes
      .filter(({ method, path }) => method === "POST" && path === `${basePath}/${name}`)
      .flatMap((route) => movedTo(route, { basePath, target: `${prefix}/openai/realtimeapi`, suffix: "OnAzureApi" })),
  );
  return [...moved, ...older];
}

interface Move {
  readonly basePath: string;
  readonly target: string;
  readonly suffix: string;
}

function movedTo(route: Route, { basePath, target, suffix }: Move): Route[] {
  const { path, document } = route;
  if (path !== basePath && !path.startsWith(`${basePath}/`)) return [];
  const operationId = document.operationId + suffix;
  return [{ ...route, path: target + path.slice(basePath.length), document: { ...document, operationId } }];
}
