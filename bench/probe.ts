/**
 * Asks a server for something small again and again, and measures how long the answer takes: in a process of its own, so
 * that what is measured is the server's delay and not that of whoever loads it.
 */
import { connect, sleep } from "./measure";

const EVERY_MS = 25;

const [url = ""] = process.argv.slice(2);
const [socket] = await connect(url, 1);
const delays: number[] = [];
let begun = 0;
process.on("message", (word) => {
  if (word === "begin") begun = performance.now();
  else process.send?.(delays);
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");

for (let asked = 0; ; asked += 1) {
  const at = performance.now();
  const answered = new Promise<void>((resolve) => socket?.once("message", () => resolve()));
  const session = { type: "realtime", instructions: `${asked}` };
  socket?.send(JSON.stringify({ type: "session.update", session }));
  await answered;
  if (begun !== 0 && at >= begun) delays.push(performance.now() - at);
  await sleep(Math.max(0, at + EVERY_MS - performance.now()));
}
