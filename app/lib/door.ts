/** For pages on the server: lets in who may come in, and sends everybody else to the right door. */
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { Viewer } from "@/lib/auth/viewer";
import { type DoorState, host } from "@/lib/host";

/** The server writes the path of every page request into it. */
export const PATH_HEADER = "x-antiphon-path";

export async function requireViewer(): Promise<Viewer> {
  const given = await headers();
  const viewer = await host().viewer(given);
  if (viewer !== undefined) return viewer;
  if ((await host().door(given)).needsOwner) redirect("/setup");
  const path = given.get(PATH_HEADER) ?? "/";
  redirect(path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`);
}

export async function readDoor(): Promise<DoorState> {
  return host().door(await headers());
}

export async function currentViewer(): Promise<Viewer | undefined> {
  return host().viewer(await headers());
}
