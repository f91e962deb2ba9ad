/** Every procedure of the router, by every role and by strangers: a new one cannot forget to say whom it is for. */
import { TRPCError } from "@trpc/server";
import { describe, expect, it } from "vitest";
import { ROLES, roleMay, type Role } from "../../lib/auth/roles";
import type { Services } from "../../lib/services/context";
import { createContext, type Login, type RequestInfo, type Surroundings } from "./context";
import { appRouter } from "./root";
import { type Access, createCallerFactory } from "./trpc";

interface Procedure {
  readonly _def: { readonly type: "query" | "mutation" | "subscription"; readonly meta?: { readonly access?: Access } };
}

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Procedure>);

/** Reaching it means that access was granted: every service begins here, or with the input. */
const REACHED = new Error("the database was reached");
const reached = () => Promise.reject(REACHED);
const services = {
  db: { tenant: reached, system: reached, ping: reached, close: reached },
  passwords: { hash: reached, verify: reached, close: reached },
  outbound: { fetch: reached, check: reached },
  seal: { seal: () => "", open: () => "" },
} as unknown as Services;
const surroundings: Surroundings = {
  services,
  mail: {
    enabled: true,
    answers: async () => true,
    invitation: async () => false,
    passwordReset: () => {},
    signInLink: () => {},
    close: () => {},
  },
  server: { engine: "test", models: ["antiphon"], voices: [] },
  watchLive: () => {
    throw REACHED;
  },
  mintSecret: async () => ({ value: "ek_test", expiresAt: 0 }),
  providers: { list: () => [], check: reached },
  signUp: "open",
  publicUrl: "https://voice.example",
  setupToken: () => undefined,
};
const request: RequestInfo = {
  id: "request",
  address: "192.0.2.1",
  origin: "http://localhost:3000",
  fromOurPage: true,
  atThisMachine: false,
};

const user = { id: "user_1", name: "Ada", email: "ada@example.com" };

function loginAs(role: Role | undefined): Login {
  const organisation = role && { id: "org_1", name: "One", role };
  return { user, organisation, organisations: organisation ? [organisation] : [] };
}

/** The code with which it was refused before anything of it ran; undefined when it was let in. */
async function refusal(path: string, login: Login | undefined, facts: Partial<RequestInfo> = {}) {
  const context = createContext(surroundings, { login, again: async () => login, request: { ...request, ...facts } });
  let at: unknown = createCallerFactory(appRouter)(context);
  for (const part of path.split(".")) at = (at as Record<string, unknown>)[part];
  const call = at as (input: unknown) => Promise<unknown>;
  try {
    const result = await call({});
    // A subscription runs when it is read.
    if (typeof result === "object" && result !== null && Symbol.asyncIterator in result)
      await (result as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
    return undefined;
  } catch (error) {
    if (!(error instanceof TRPCError)) return undefined;
    return error.code === "UNAUTHORIZED" || error.code === "FORBIDDEN" ? error.code : undefined;
  }
}

describe.each(procedures)("%s", (path, { _def: { type, meta } }) => {
  const access = meta?.access;

  it("says whom it is for", () => {
    expect(access).toBeDefined();
  });

  it.each(ROLES)(`lets in a member who is ${"%s"} as its scope says`, async (role) => {
    const allowed = access === "public" || access === "signed-in" || (access !== undefined && roleMay(role, access));
    expect(await refusal(path, loginAs(role))).toBe(allowed ? undefined : "FORBIDDEN");
  });

  it("refuses strangers, and members of other organisations alone", async () => {
    expect(await refusal(path, undefined)).toBe(access === "public" ? undefined : "UNAUTHORIZED");
    const open = access === "public" || access === "signed-in";
    expect(await refusal(path, loginAs(undefined))).toBe(open ? undefined : "FORBIDDEN");
  });

  it.runIf(type === "mutation")("is refused to pages of other sites", async () => {
    expect(await refusal(path, loginAs("owner"), { fromOurPage: false })).toBe("FORBIDDEN");
  });
});

it("covers the whole router", () => {
  expect(procedures.length).toBeGreaterThan(40);
});
