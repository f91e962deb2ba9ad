import { listPrices } from "../../../lib/services/prices/list";
import { removePrice } from "../../../lib/services/prices/remove";
import { setPrice } from "../../../lib/services/prices/set";
import { getSettings } from "../../../lib/services/settings/get";
import { setRecording } from "../../../lib/services/settings/set-recording";
import { mutation, query } from "../from-service";
import { router } from "../trpc";

export const settingsRouter = router({
  get: query(getSettings),
  setRecording: mutation(setRecording),
});

export const pricesRouter = router({
  list: query(listPrices),
  set: mutation(setPrice),
  remove: mutation(removePrice),
});
