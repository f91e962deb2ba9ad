import { eq } from "drizzle-orm";
import { z } from "zod";
import { users } from "../../db/schema/index";
import type { Services } from "../context";
import { invalidInput } from "../service";
import { personName } from "./email";

export const renameUserInput = z.strictObject({ name: personName });

/** One's own name. */
export async function renameUser(call: {
  readonly services: Pick<Services, "db">;
  readonly userId: string;
  readonly input: z.input<typeof renameUserInput>;
}): Promise<void> {
  const parsed = renameUserInput.safeParse(call.input);
  if (!parsed.success) throw invalidInput(parsed.error);
  await call.services.db.system((tx) =>
    tx.update(users).set({ name: parsed.data.name }).where(eq(users.id, call.userId)),
  );
}
