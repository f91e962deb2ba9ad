/** Properties walk the same paths in every run, so that a failure is a change's and not the day's; FC_SEED walks others. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["FC_SEED"] ?? 20) });
