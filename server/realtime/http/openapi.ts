/** `GET /openapi.json`: every REST route of this server, described from the schemas that check its bodies. */
import { z } from "zod";
import { SchemaCollection } from "../protocol/json-schema";
import { json } from "./responses";
import { jsonContent, type DocumentedContent, type RouteDocument } from "./route-document";
import type { Route } from "./router";

const errorBody = z.strictObject({
  error: z.strictObject({
    message: z.string(),
    type: z.string(),
    code: z.string().nullable(),
    param: z.string().nullable(),
  }),
});

/** `routes` is asked when the document is, so that it may hold the document's own route. */
export function openApiRoute(path: string, routes: () => readonly Route[]): Route {
  let document: object | undefined;
  return {
    method: "GET",
    path,
    document: {
      operationId: "getOpenApiDocument",
      summary: "This document.",
      answer: {
        status: 200,
        description: "An OpenAPI 3.1 document.",
        content: jsonContent(z.looseObject({ openapi: z.string() })),
      },
      isPublic: true,
    },
    handle: () => json(200, (document ??= openApiDocument(routes()))),
  };
}

export function openApiDocument(routes: readonly Route[]): object {
  const schemas = new SchemaCollection();
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, document } of routes) {
    const operations = (paths[path] ??= {});
    operations[method.toLowerCase()] = operation(path, document, schemas);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "antiphon",
      version: "1",
      description: "The REST side of the Realtime API. Its events are described by /asyncapi.json.",
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      schemas: schemas.toJson(),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        apiKey: { type: "apiKey", in: "header", name: "api-key" },
      },
    },
  };
}

function operation(path: string, document: RouteDocument, schemas: SchemaCollection): object {
  const { operationId, summary, query = {}, body, answer, isPublic = false } = document;
  const name = operationId.charAt(0).toUpperCase() + operationId.slice(1);
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, key = ""]) => ({
      name: key,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    ...Object.entries(query).map(([key, schema]) => ({
      name: key,
      in: "query",
      required: false,
      schema: schemas.ref(`${name}_${key}`, schema),
    })),
  ];
  return {
    operationId,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { content: content(`${name}Request`, body, schemas) } }),
    responses: {
      [answer.status]: {
        description: answer.description,
        ...(answer.content && { content: content(`${name}Answer`, answer.content, schemas) }),
      },
      default: {
        description: "What went wrong.",
        content: content("Error", jsonContent(errorBody), schemas),
      },
    },
    ...(isPublic && { security: [] }),
  };
}

function content(name: string, bodies: DocumentedContent, schemas: SchemaCollection): object {
  const several = Object.keys(bodies).length > 1;
  return Object.fromEntries(
    Object.entries(bodies).map(([type, schema]) => {
      const own = several ? `${name}_${type.replace(/\W+/g, "_")}` : name;
      return [type, { schema: schemas.ref(own, schema) }];
    }),
  );
}
