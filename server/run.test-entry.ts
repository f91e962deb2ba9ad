/** A server whose replies never end, and which has a stray fault at SIGUSR2; for the tests of `run`. */
import { run } from "./run";
import { scriptedProviders } from "./stages/scripted-providers";

process.on("SIGUSR2", () => {
  void Promise.reject(new Error("a stray promise"));
  throw new Error("a stray fault");
});

await run({ providers: scriptedProviders({ llm: { reply: [{ wait: Infinity }] } }) });
