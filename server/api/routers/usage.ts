import { listBudgets } from "../../../lib/services/budgets/list";
import { removeBudget } from "../../../lib/services/budgets/remove";
import { saveBudget } from "../../../lib/services/budgets/save";
import { listLimits } from "../../../lib/services/limits/list";
import { removeLimit } from "../../../lib/services/limits/remove";
import { setLimit } from "../../../lib/services/limits/set";
import { getOverview } from "../../../lib/services/usage/overview";
import { summariseUsage } from "../../../lib/services/usage/summary";
import { mutation, query } from "../from-service";
import { router } from "../trpc";

export const usageRouter = router({
  overview: query(getOverview),
  summary: query(summariseUsage),
});

export const limitsRouter = router({
  list: query(listLimits),
  set: mutation(setLimit),
  remove: mutation(removeLimit),
  budgets: query(listBudgets),
  saveBudget: mutation(saveBudget),
  removeBudget: mutation(removeBudget),
});
