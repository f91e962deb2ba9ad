/** One's own name and password. */
import type { z } from "zod";
import { getUser } from "../../../lib/services/users/get";
import { changePassword, type changePasswordInput } from "../../../lib/services/users/passwords";
import { renameUser } from "../../../lib/services/users/rename";
import { router, signedIn } from "../trpc";

export const accountRouter = router({
  get: signedIn.query(async ({ ctx }) => {
    const user = await getUser(ctx.services, ctx.login.user.id);
    return {
      email: ctx.login.user.email,
      name: user?.name ?? "",
      hasPassword: user?.hasPassword ?? false,
    };
  }),
  rename: signedIn
    .input((value: unknown) => value as { name: string })
    .mutation(({ ctx, input }) => renameUser({ services: ctx.services, userId: ctx.login.user.id, input })),
  /** Ends every login of the user, this one included: the page signs in again with the new password. */
  changePassword: signedIn
    .input((value: unknown) => value as z.input<typeof changePasswordInput>)
    .mutation(async ({ ctx, input }) => {
      const { services, login, request } = ctx;
      await changePassword({ services, userId: login.user.id, input, ip: request.address });
    }),
});
