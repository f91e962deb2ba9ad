import { createRequire } from "node:module";

/**
 * The main file of a package that antiphon does not install by itself. `purpose` begins the error that is thrown when it
 * is missing, for example `The Flite voices`.
 */
export function resolvePackage(name: string, purpose: string): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Error(`${purpose} need the package ${name}. Install it: npm install ${name}`, { cause });
  }
}
