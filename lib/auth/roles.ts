/** Who may do what: one map, read by the services, the tRPC middleware and the pages. What is not named is denied. */
export const ROLES = ["owner", "admin", "developer", "viewer"] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES = [
  "organisation:read",
  "organisation:write",
  "team:read",
  "team:write",
  "keys:read",
  "keys:write",
  "agents:read",
  "agents:write",
  "tools:read",
  "tools:write",
  "sessions:read",
  "sessions:write",
  "usage:read",
  "limits:read",
  "limits:write",
  "prices:read",
  "prices:write",
  "webhooks:read",
  "webhooks:write",
  "audit:read",
  "settings:read",
  "settings:write",
  "realtime:connect",
] as const;
export type Scope = (typeof SCOPES)[number];

const VIEWER: readonly Scope[] = [
  "organisation:read",
  "team:read",
  "agents:read",
  "tools:read",
  "sessions:read",
  "usage:read",
  "limits:read",
  "prices:read",
];
const DEVELOPER: readonly Scope[] = [
  ...VIEWER,
  "keys:read",
  "keys:write",
  "agents:write",
  "tools:write",
  "sessions:write",
  "webhooks:read",
  "settings:read",
  "realtime:connect",
];
const ADMIN: readonly Scope[] = [
  ...DEVELOPER,
  "team:write",
  "limits:write",
  "prices:write",
  "webhooks:write",
  "audit:read",
  "settings:write",
];

const SCOPES_OF: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  owner: new Set(SCOPES),
  admin: new Set(ADMIN),
  developer: new Set(DEVELOPER),
  viewer: new Set(VIEWER),
};

export function scopesOf(role: Role): ReadonlySet<Scope> {
  return SCOPES_OF[role];
}

export function roleMay(role: Role, scope: Scope): boolean {
  return SCOPES_OF[role].has(scope);
}

/** Scopes that an API key can have: what programs do. Never the team, keys or settings. */
export const KEY_SCOPES = ["realtime:connect", "sessions:read", "sessions:write"] as const satisfies readonly Scope[];
export type KeyScope = (typeof KEY_SCOPES)[number];

/** Whether somebody of `role` may give `other` to people, take it away, or remove those who have it. */
export function mayGrant(role: Role, other: Role): boolean {
  return roleMay(role, "team:write") && (role === "owner" || other !== "owner");
}
