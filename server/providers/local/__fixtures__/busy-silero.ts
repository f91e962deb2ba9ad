/** Run by a test as a process, which must end in peace (status 0) although the model is in the middle of its work. */
import { createSilero } from "../silero/silero";

const silero = await createSilero();
const all = 20 * 31;
let frames = 0;
for (let count = 0; count < 20; count++) {
  const stream = silero.open({
    sampleRate: 16_000,
    onFrame: () => {
      frames += 1;
      // With the first report of all: the next one is being worked on.
      if (frames === all) setTimeout(() => void end(), 10);
    },
    onError: (error) => console.log(error.message),
  });
  stream.push(new Int16Array(16_000 * 20));
}

async function end(): Promise<void> {
  console.log(frames < all * 20 ? "heard some, not all" : "heard all");
  if (process.argv[2] === "exit") process.exit(0);
  await silero.close?.();
}
