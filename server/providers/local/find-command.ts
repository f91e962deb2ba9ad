import { access, constants, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** The program's whole path, found as a shell would in `PATH`; undefined when there is none that may be run. */
export async function findCommand(name: string, path = process.env.PATH ?? ""): Promise<string | undefined> {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    if (folder && (await isFile(file)) && (await isRunnable(file))) return file;
  }
  return undefined;
}

/** Whether there is a file (or a link to one) at this path. */
export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function isRunnable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
