/** What `/openapi.json` says of a route. Every route has one. */
import type { z } from "zod";

/** Bodies by content type. */
export type DocumentedContent = Readonly<Record<string, z.ZodType>>;

export interface RouteDocument {
  /** In camel case, unlike any other route's; the names of its schemas begin with it. */
  readonly operationId: string;
  /** One sentence. */
  readonly summary: string;
  readonly query?: Readonly<Record<string, z.ZodType>>;
  /** The body of the request; undefined when it has none. */
  readonly body?: DocumentedContent;
  /** The answer when all goes well. Errors are the same for all routes. */
  readonly answer: {
    readonly status: number;
    readonly description: string;
    readonly content?: DocumentedContent;
  };
  /** Whether it answers without a key. Default: false. */
  readonly isPublic?: boolean;
}

export const jsonContent = (schema: z.ZodType): DocumentedContent => ({ "application/json": schema });
