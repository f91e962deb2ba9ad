/**
 * What every service is made by: rights checked, input validated, one transaction as the tenant, and for a mutation a
 * row of the audit log in that same transaction. A service that forgot its row fails instead of going unrecorded.
 */
import type { z } from "zod";
import type { Scope } from "../auth/roles";
import type { Transaction } from "../db/client";
import { auditLog } from "../db/schema/index";
import { newId } from "../ids";
import type { ServiceContext, ServiceEvent } from "./context";
import { ServiceError, forbidden } from "./errors";

export interface AuditEntry {
  readonly target?: { readonly type: string; readonly id: string };
  /** Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Work<I> {
  readonly ctx: ServiceContext;
  readonly tx: Transaction;
  readonly input: I;
  /** Records what was done, under the service's own name. */
  readonly audit: (entry: AuditEntry) => Promise<void>;
  /** Tells the rest of the server, once the transaction is through. */
  readonly notify: (event: ServiceEvent) => void;
}

interface Definition<S extends z.ZodType, O> {
  /** `<entity>.<verb>`; what the audit log calls it. */
  readonly name: string;
  readonly kind: "query" | "mutation";
  readonly scope: Scope;
  readonly input: S;
  /** Done before the transaction: what waits for the network must not hold the database, of which there may be one. */
  prepare?(work: Pick<Work<z.output<S>>, "ctx" | "input">): Promise<void>;
  run(work: Work<z.output<S>>): Promise<O>;
}

export interface Call<S extends z.ZodType> {
  readonly ctx: ServiceContext;
  readonly input: z.input<S>;
}

/** `verb({ ctx, input })`, with what routers need to know of it. */
export interface Service<S extends z.ZodType, O> {
  (call: Call<S>): Promise<O>;
  readonly serviceName: string;
  readonly kind: "query" | "mutation";
  readonly scope: Scope;
  readonly input: S;
}

export function defineService<S extends z.ZodType, O>(definition: Definition<S, O>): Service<S, O> {
  const { name, kind, scope, input: schema } = definition;
  const call = async ({ ctx, input }: Call<S>): Promise<O> => {
    if (!ctx.scopes.has(scope)) throw forbidden(`This needs the right "${scope}", which you do not have here.`);
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw invalidInput(parsed.error);
    await definition.prepare?.({ ctx, input: parsed.data });
    const events: ServiceEvent[] = [];
    let audited = false;
    const result = await ctx.db.tenant(ctx.org, async (tx) => {
      const audit = async (entry: AuditEntry): Promise<void> => {
        audited = true;
        await writeAudit(tx, ctx, { action: name, ...entry });
      };
      const done = await definition.run({
        ctx,
        tx,
        input: parsed.data,
        audit,
        notify: (event) => void events.push(event),
      });
      if (kind === "mutation" && !audited) throw new Error(`${name} changed something without a row in the audit log.`);
      return done;
    });
    for (const event of events) ctx.notify?.(event);
    return result;
  };
  return Object.assign(call, { serviceName: name, kind, scope, input: schema });
}

/** A service that goes on after its transaction, for example over the network, with what it found. */
export function followedBy<S extends z.ZodType, O, R>(
  service: Service<S, O>,
  next: (ctx: ServiceContext, found: O) => Promise<R>,
): Service<S, R> {
  const { serviceName, kind, scope, input: schema } = service;
  const call = async ({ ctx, input }: Call<S>): Promise<R> => next(ctx, await service({ ctx, input }));
  return Object.assign(call, { serviceName, kind, scope, input: schema });
}

/** For mutations that run outside of a tenant's transaction, such as joining by an invite. */
export async function writeAudit(
  tx: Transaction,
  ctx: Pick<ServiceContext, "org" | "actor" | "ip" | "requestId">,
  { action, target, details = {} }: AuditEntry & { readonly action: string },
): Promise<void> {
  const { actor } = ctx;
  await tx.insert(auditLog).values({
    id: newId("audit"),
    orgId: ctx.org,
    actorType: actor.type,
    actorId: actor.type === "system" ? null : actor.id,
    actor: actor.name,
    ip: ctx.ip ?? null,
    requestId: ctx.requestId ?? null,
    action,
    targetType: target?.type ?? null,
    targetId: target?.id ?? null,
    details,
  });
}

/** The first thing that is wrong, at its field. */
export function invalidInput(error: z.ZodError): ServiceError {
  const [issue] = error.issues;
  const field = issue?.path.map(String).join(".");
  return new ServiceError("invalid", issue?.message ?? "This input cannot be used.", {
    ...(field !== undefined && field !== "" && { field }),
    cause: error,
  });
}
