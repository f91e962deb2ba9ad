import { createRequire } from "node:module";

/** The main file of a package that antiphon does not install by itself. Throws, naming `user`, when it is missing. */
export function resolvePackage(name: string, user: string): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Error(`${user} needs the package ${name}, which is not installed. Install it: npm install ${name}`, {
      cause,
    });
  }
}
