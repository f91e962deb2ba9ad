/** Where WebSockets come in, and whose rules hold there. */

export interface Door {
  /** Without a slash at its end. */
  readonly path: string;
}

/** What lies in front of the API's own paths: `` for `/v1/realtime`, `/api` for `/api/v1/realtime`. */
export function hostPrefix(basePath: string): string {
  return basePath.replace(/\/[^/]*$/, "").replace(/\/v\d+$/, "");
}

/** The doors of a handler whose WebSocket lies at `basePath`, the main one first. */
export function doorsAt(basePath: string): readonly [Door, ...Door[]] {
  return [{ path: basePath }];
}

/** The door at exactly this path, with or without a slash at its end. */
export function doorAt(doors: readonly Door[], pathname: string): Door | undefined {
  const path = pathname.replace(/\/$/, "");
  return doors.find((door) => door.path === path);
}
