import { ensureBrowser } from "./browser";

/** Once, before all tests: without a browser nothing else is worth starting. */
export default function globalSetup(): void {
  const { origin } = ensureBrowser((line) => console.log(line));
  console.log(`The page is tested in ${origin}.`);
}
