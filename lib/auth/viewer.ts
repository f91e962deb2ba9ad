/** Who looks at a page, as pages and their server know it. Nothing in it is secret. */
import type { Role, Scope } from "./roles";

/** Names the organisation that a browser looks at; held against the memberships at every request. */
export const ORGANISATION_COOKIE = "antiphon-org";

export interface Viewer {
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  /** The chosen one; undefined for somebody who belongs to none. */
  readonly organisation: { readonly id: string; readonly name: string } | undefined;
  readonly organisations: readonly { readonly id: string; readonly name: string }[];
  readonly role: Role | undefined;
  /** What the role allows in this organisation. */
  readonly scopes: readonly Scope[];
}

/** Somebody in an organisation: whoever sees the app itself. */
export interface Member extends Viewer {
  readonly organisation: NonNullable<Viewer["organisation"]>;
  readonly role: Role;
}

export function isMember(viewer: Viewer): viewer is Member {
  return viewer.organisation !== undefined && viewer.role !== undefined;
}
