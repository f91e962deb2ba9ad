/** A service as a procedure: it asks for the right that the service names, and the service checks its own input. */
import type { z } from "zod";
import type { Service } from "../../lib/services/service";
import { member } from "./trpc";

/** The service validates; a second pass here would transform twice. The client adds a direction to what comes in pages. */
function unchecked<S extends z.ZodType>(value: unknown): z.input<S> {
  if (typeof value !== "object" || value === null || !("direction" in value)) return value as z.input<S>;
  const { direction: _direction, ...input } = value;
  return input as z.input<S>;
}

export function query<S extends z.ZodType, O>(service: Service<S, O>) {
  return member(service.scope)
    .input((value: unknown) => unchecked<S>(value))
    .query(({ ctx, input }) => service({ ctx: ctx.service, input: input as z.input<S> }));
}

export function mutation<S extends z.ZodType, O>(service: Service<S, O>) {
  return member(service.scope)
    .input((value: unknown) => unchecked<S>(value))
    .mutation(({ ctx, input }) => service({ ctx: ctx.service, input: input as z.input<S> }));
}
