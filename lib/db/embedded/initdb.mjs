/**
 * Makes an empty database in the folder it is given. In a process of its own, because that takes 800 MB, which only the
 * end of a process gives back for certain, and because of the compiler: what runs once is not worth the better one.
 */
import { setFlagsFromString } from "node:v8";

// Its parent is gone, and with it the reason.
process.on("disconnect", () => process.exit(1));
setFlagsFromString("--liftoff-only");
const { PGlite } = await import("@electric-sql/pglite");
const db = await PGlite.create({ dataDir: process.argv[2] });
await db.close();
process.exit(0);
