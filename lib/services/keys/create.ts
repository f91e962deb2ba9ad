import { z } from "zod";
import { KEY_SCOPES } from "../../auth/roles";
import { API_KEY_PREFIX, hashSecret, keyHint, newSecret } from "../../auth/secrets";
import { apiKeys } from "../../db/schema/index";
import { newId } from "../../ids";
import { forbidden } from "../errors";
import { defineService } from "../service";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The key is shown once: only its hash is kept. */
export const createKey = defineService({
  name: "keys.create",
  kind: "mutation",
  scope: "keys:write",
  input: z.strictObject({
    name: z.string().trim().min(1, "Enter a name.").max(100, "A name has at most 100 characters."),
    scopes: z
      .array(z.enum(KEY_SCOPES))
      .min(1, "Choose at least one right.")
      .default([...KEY_SCOPES]),
    /** Days until it expires. Null: never. */
    expiresInDays: z.int().min(1).max(3650).nullable().default(null),
  }),
  run: async ({ ctx, tx, input, audit }) => {
    if (!input.scopes.every((scope) => ctx.scopes.has(scope)))
      throw forbidden("A key cannot have rights that you do not have.");
    const key = newSecret(API_KEY_PREFIX);
    const row = {
      id: newId("apiKey"),
      orgId: ctx.org,
      name: input.name,
      hash: hashSecret(key),
      hint: keyHint(key),
      scopes: [...new Set(input.scopes)],
      createdBy: ctx.actor.type === "user" ? ctx.actor.id : null,
      expiresAt: input.expiresInDays === null ? null : new Date(Date.now() + input.expiresInDays * DAY_MS),
    };
    await tx.insert(apiKeys).values(row);
    const { name, hint, scopes } = row;
    await audit({ target: { type: "key", id: row.id }, details: { name, hint, scopes } });
    return { id: row.id, key, hint, expiresAt: row.expiresAt };
  },
});
