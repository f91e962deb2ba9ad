/**
 * Who is cut off, and who waits: `semantic_vad` against `server_vad` on sentences with and without hesitations, spoken by
 * four voices, heard by the real detector. Reported on the half of the sentences on which no rule was tuned.
 */
import { createTurnEstimator } from "../server/realtime/turns/estimator";
import { percentile, table } from "./measure";
import { judge, semantic, silence, tryOut, type Outcome, type Policy, type Utterance } from "./turns/policies";
import { record } from "./turns/record";

const BASELINE_MS = 500;
const LONGEST_MS = 8_000;
const STEP_MS = 16;

const half = process.argv.includes("--tune") ? "tune" : "report";
const detector = createTurnEstimator();
const recordings = (await record()).filter((each) => each.half === half);
const utterances: Utterance[] = [];
for (const { spoken, pauses } of recordings) utterances.push(await judge(detector, spoken, pauses));

const median = ({ delays }: Outcome): number => percentile(delays, 0.5);

/** What silence alone does when it makes people wait as long: the fewest cut-offs at that median. */
function bySilenceAt(delayMs: number): Outcome {
  let best = tryOut(silence(0), utterances);
  for (let ms = STEP_MS; ms <= LONGEST_MS; ms += STEP_MS) {
    const each = tryOut(silence(ms), utterances);
    if (median(each) > delayMs) break;
    best = each;
  }
  return best;
}

function row(detection: string, words: string, policy: Policy) {
  const outcome = tryOut(policy, utterances);
  const equal = bySilenceAt(median(outcome));
  return {
    detection,
    words,
    "cut-offs": outcome.cutOffs,
    "of hesitations": `${Math.round((100 * outcome.cutOffs) / outcome.hesitations)} %`,
    "median delay ms": Math.round(median(outcome)),
    "p90 delay ms": Math.round(percentile(outcome.delays, 0.9)),
    "server_vad at that median": `${equal.cutOffs} cut-offs`,
  };
}

const eagernesses = ["low", "auto", "high"] as const;
const baseline = tryOut(silence(BASELINE_MS), utterances);
console.log(
  `\n## End of turn: ${utterances.length} utterances, ${baseline.hesitations} hesitations of 400 to 1500 ms, half "${half}"\n`,
);
table([
  row("server_vad 500 ms", "", silence(BASELINE_MS)),
  ...eagernesses.map((each) => row(`semantic_vad ${each}`, "yes", semantic(each, true))),
  ...eagernesses.map((each) => row(`semantic_vad ${each}`, "no", semantic(each, false))),
]);
const auto = tryOut(semantic("auto", true), utterances);
const met = auto.cutOffs * 2 <= baseline.cutOffs && median(auto) <= median(baseline);
console.log(
  `\nTarget: auto, with words, cuts off at most half as often as server_vad 500 ms and is no slower. ${met ? "Met." : "MISSED."}`,
);
