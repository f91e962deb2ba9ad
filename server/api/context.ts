/** What a procedure knows of the request: who asks, in which organisation, and how services are called for them. */
import type { Role } from "../../lib/auth/roles";
import { scopesOf } from "../../lib/auth/roles";
import type { SignUp } from "../../lib/env-logins";
import type { ServiceContext, Services } from "../../lib/services/context";
import type { SessionView } from "../../lib/services/sessions/view";
import type { Mail } from "../mail/mail";
import type { ProviderDesk } from "./providers";

export interface Login {
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
  /** The chosen one; undefined when the user belongs to none. */
  readonly organisation: { readonly id: string; readonly name: string; readonly role: Role } | undefined;
  readonly organisations: readonly { readonly id: string; readonly name: string; readonly role: Role }[];
}

export interface OrganisationLogin extends Login {
  readonly organisation: NonNullable<Login["organisation"]>;
  readonly role: Role;
}

/** Undefined: a member of no organisation. */
export function organisationLogin(login: Login | undefined): OrganisationLogin | undefined {
  const organisation = login?.organisation;
  return login && organisation && { ...login, organisation, role: organisation.role };
}

export interface RequestInfo {
  readonly id: string;
  /** The peer's address. */
  readonly address: string;
  /** As the browser dialled it, for example `http://localhost:3000`. */
  readonly origin: string;
  /** Whether a page of this server sent it. */
  readonly fromOurPage: boolean;
  /** Whether the person sits at the server's own machine. */
  readonly atThisMachine: boolean;
}

/** What hears, thinks and speaks, for those who choose. */
export interface ServerOffer {
  readonly engine: string;
  readonly models: readonly string[];
  /** Empty: nobody knows. */
  readonly voices: readonly string[];
}

export interface MintedSecret {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** What the server around the procedures gives them: the same for every request. */
export interface Surroundings {
  readonly services: Services;
  readonly mail: Mail;
  readonly server: ServerOffer;
  readonly providers: ProviderDesk;
  /** Whether strangers may make organisations of their own, or wait for an invitation. */
  readonly signUp: SignUp;
  /** Where links in letters lead. Undefined: wherever the browser that asks is, for what it shows itself. */
  readonly publicUrl: string | undefined;
  /** The sessions that run, told anew whenever something about them changed. */
  watchLive(org: string, signal: AbortSignal | undefined): AsyncIterable<readonly SessionView[]>;
  /** A client secret for the user of the context, in their organisation. */
  mintSecret(ctx: ServiceContext): Promise<MintedSecret>;
  /** Of the one-time setup link; undefined once it is of no use. */
  setupToken(): string | undefined;
}

export interface Context extends Surroundings {
  readonly login: Login | undefined;
  /** Asks anew who asks: for answers that go on for long. */
  again(): Promise<Login | undefined>;
  readonly request: RequestInfo;
  serviceContext(login: OrganisationLogin): ServiceContext;
}

export interface ContextParts {
  readonly login: Login | undefined;
  again(): Promise<Login | undefined>;
  readonly request: RequestInfo;
}

export function createContext(surroundings: Surroundings, { login, again, request }: ContextParts): Context {
  return {
    ...surroundings,
    login,
    again,
    request,
    serviceContext: ({ user, organisation, role }) => ({
      ...surroundings.services,
      org: organisation.id,
      actor: { type: "user", id: user.id, name: user.name === "" ? user.email : user.name },
      role,
      scopes: scopesOf(role),
      ip: request.address,
      requestId: request.id,
    }),
  };
}
