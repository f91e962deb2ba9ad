/** What the playground needs of the server: what there is to choose from, and a client secret to come in with. */
import { member, router } from "../trpc";

export const playgroundRouter = router({
  offer: member("agents:read").query(({ ctx }) => ctx.server),
  mint: member("realtime:connect").mutation(async ({ ctx }) => {
    const { value, expiresAt } = await ctx.mintSecret(ctx.service);
    const { engine, voices } = ctx.server;
    return { value, expiresAt, server: { engine, voices: voices.length === 0 ? undefined : voices } };
  }),
});
