import { listPrices } from "../../../lib/services/prices/list";
import { removePrice } from "../../../lib/services/prices/remove";
import { setPrice } from "../../../lib/services/prices/set";
import { getSettings } from "../../../lib/services/settings/get";
import { noteCheck } from "../../../lib/services/settings/note-check";
import { setRecording } from "../../../lib/services/settings/set-recording";
import { mutation, query } from "../from-service";
import { member, router } from "../trpc";

export const settingsRouter = router({
  get: query(getSettings),
  setRecording: mutation(setRecording),
  providers: member("settings:read").query(({ ctx }) => ctx.providers.list()),
  testProvider: member(noteCheck.scope)
    .input((value: unknown) => value as { id: string })
    .mutation(async ({ ctx, input }) => {
      const id = String(input?.id ?? "");
      const check = await ctx.providers.check(id, ctx.login.organisation.id);
      const outcome = check.ok ? "works" : check.code;
      await noteCheck({ ctx: ctx.service, input: { id, name: check.name, outcome } });
      return check;
    }),
});

export const pricesRouter = router({
  list: query(listPrices),
  set: mutation(setPrice),
  remove: mutation(removePrice),
});
