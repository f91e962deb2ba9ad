import { randomBytes } from "node:crypto";
import { z } from "zod";

export const organisationName = z
  .string()
  .trim()
  .min(1, "Enter a name.")
  .max(100, "A name has at most 100 characters.");

/** For URLs; the end is chance, so that names need not be unique. */
export function slugFor(name: string): string {
  const words = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return `${words || "org"}-${randomBytes(4).toString("hex")}`;
}
