/**
 * Who hears speech in noise, and when: tracks of Flite's voices with 36 % speech, in white noise, babble and hum of four
 * loudnesses, through the real detector and the real turn machine. The truth comes from the clean speech.
 */
import { createFlite, createSilero } from "antiphon/providers/local";
import { makeNoise, mix, NOISES, type Noise } from "./hearing/noise";
import { score, total, type Score } from "./hearing/score";
import { makeTrack, VOICES, type Track } from "./hearing/track";
import { percentile, table } from "./measure";
import { writeLines } from "./plot";
import { framesOf } from "./turns/listen";

const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 40);
const SNRS_DB = [40, 20, 10, 5];
const RATES = [24_000, 8_000];

const flite = await createFlite({ workers: 2 });
const silero = await createSilero({ preload: true, gate: process.env["BENCH_GATE"] !== "off" });

interface Condition {
  readonly rate: number;
  readonly noise: Noise;
  readonly snrDb: number;
  readonly result: Score;
}

async function tracksAt(sampleRate: number): Promise<Track[]> {
  const tracks: Track[] = [];
  for (const [index, voice] of VOICES.entries()) {
    tracks.push(await makeTrack(flite, { voice, seconds: SECONDS, seed: index * 3, sampleRate }));
  }
  return tracks;
}

async function hearAll(rate: number): Promise<Condition[]> {
  const tracks = await tracksAt(rate);
  const conditions: Condition[] = [];
  for (const noise of NOISES) {
    const background = await makeNoise(noise, flite, { seconds: 20, sampleRate: rate });
    for (const snrDb of SNRS_DB) {
      const scores = await Promise.all(
        tracks.map(async (track) => {
          const samples = mix(track.samples, background, snrDb);
          return score(track, await framesOf(silero, { samples, sampleRate: rate }));
        }),
      );
      conditions.push({ rate, noise, snrDb, result: total(scores) });
    }
  }
  return conditions;
}

const share = (part: number, whole: number): number => (100 * part) / whole;
const within = (values: readonly number[], from: number, to: number): number =>
  share(values.filter((value) => value >= from && value <= to).length, values.length);

const conditions = (await Promise.all(RATES.map(hearAll))).flat();
await flite.close?.();
await silero.close?.();

console.log(`\n## Hearing: ${VOICES.length} voices, ${SECONDS} s each a condition, 36 % speech\n`);
table(
  conditions.map(({ rate, noise, snrDb, result }) => ({
    audio: `${rate / 1000} kHz`,
    noise,
    "SNR dB": snrDb,
    "recall %": share(result.heard, result.spoken).toFixed(1),
    "false %": share(result.imagined, result.silent).toFixed(2),
    "onset ms": percentile(result.onsetsMs, 0.5).toFixed(0),
    "onset p90": percentile(result.onsetsMs, 0.9).toFixed(0),
    "≤ 100 ms %": within(result.onsetsMs, -Infinity, 100).toFixed(0),
    "end, ms off": percentile(result.endsMs, 0.5).toFixed(0),
    "± 40 ms %": within(result.endsMs, -40, 40).toFixed(0),
    "turns begun / ended": `${result.onsetsMs.length} / ${result.endsMs.length}`,
    utterances: result.utterances,
  })),
);
const missed = conditions.flatMap(({ rate, noise, snrDb, result }) => {
  const recall = share(result.heard, result.spoken);
  const failures = [
    recall < (snrDb >= 10 ? 97 : 92) && `recall ${recall.toFixed(1)} %`,
    share(result.imagined, result.silent) > 0.5 && `false ${share(result.imagined, result.silent).toFixed(2)} %`,
    percentile(result.onsetsMs, 0.5) > 100 && `onset ${percentile(result.onsetsMs, 0.5).toFixed(0)} ms`,
    Math.abs(percentile(result.endsMs, 0.5)) > 40 && `end ${percentile(result.endsMs, 0.5).toFixed(0)} ms off`,
  ].filter((failure) => failure !== false);
  return failures.length === 0 ? [] : [`${rate / 1000} kHz ${noise} ${snrDb} dB: ${failures.join(", ")}`];
});
console.log(
  "\nTargets: recall ≥ 97 % at 10 dB and above, ≥ 92 % at 5 dB; false positives ≤ 0.5 %; median onset ≤ 100 ms, median end ± 40 ms. " +
    (missed.length === 0 ? "Met." : `MISSED: ${missed.join("; ")}.`),
);
await writeLines("hearing", {
  title: "Frames of speech that are heard, % (signal to noise in dB)",
  ticks: SNRS_DB,
  range: [80, 100],
  lines: RATES.flatMap((rate) =>
    NOISES.map((noise) => ({
      name: `${noise}, ${rate / 1000} kHz`,
      values: conditions
        .filter((each) => each.rate === rate && each.noise === noise)
        .map(({ result }) => share(result.heard, result.spoken)),
    })),
  ),
});
process.exit(0);
