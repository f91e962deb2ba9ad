import { createKey } from "../../../lib/services/keys/create";
import { listKeys } from "../../../lib/services/keys/list";
import { renameKey } from "../../../lib/services/keys/rename";
import { revokeKey } from "../../../lib/services/keys/revoke";
import { mutation, query } from "../from-service";
import { router } from "../trpc";

export const keysRouter = router({
  list: query(listKeys),
  create: mutation(createKey),
  rename: mutation(renameKey),
  revoke: mutation(revokeKey),
});
