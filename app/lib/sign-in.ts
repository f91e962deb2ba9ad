"use client";
import { signIn } from "next-auth/react";

export type SignInOutcome =
  { readonly type: "ok" } | { readonly type: "refused" } | { readonly type: "throttled"; readonly seconds: number };

/** Throws when the server does not answer. */
async function attempt(provider: string, fields: Record<string, string>): Promise<SignInOutcome> {
  const answer = await signIn(provider, { ...fields, redirect: false });
  if (answer?.ok === true) return { type: "ok" };
  const wait = /^throttled:(\d+)$/.exec(answer?.error ?? "");
  return wait === null ? { type: "refused" } : { type: "throttled", seconds: Number(wait[1]) };
}

export function signInWithPassword(email: string, password: string): Promise<SignInOutcome> {
  return attempt("credentials", { email, password });
}

export function signInWithLink(token: string): Promise<SignInOutcome> {
  return attempt("email-link", { token });
}

export function signInWithProvider(provider: string, to: string): Promise<unknown> {
  return signIn(provider, { callbackUrl: to });
}

/** A wait in words. */
export function waitInWords(seconds: number): string {
  return seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
