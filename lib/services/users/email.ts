import { z } from "zod";

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email("This is no e-mail address."));
export const password = z
  .string()
  .min(8, "A password needs at least 8 characters.")
  .max(256, "A password has at most 256 characters.");
export const personName = z.string().trim().min(1, "Enter a name.").max(100, "A name has at most 100 characters.");
