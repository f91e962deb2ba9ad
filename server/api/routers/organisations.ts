import { createOrganisation } from "../../../lib/services/organisations/create";
import { renameOrganisation } from "../../../lib/services/organisations/rename";
import { mutation } from "../from-service";
import { member, router } from "../trpc";

export const organisationsRouter = router({
  rename: mutation(renameOrganisation),
  /** Whoever may change one may open another: a stranger whom a provider let in may not. */
  create: member("organisation:write")
    .input((value: unknown) => value as { name: string })
    .mutation(({ ctx, input }) =>
      createOrganisation({ services: ctx.services, user: ctx.login.user, input, ip: ctx.request.address }),
    ),
});
