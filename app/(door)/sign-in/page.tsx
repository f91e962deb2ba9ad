import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInForm } from "../../components/door/sign-in-form";
import { currentViewer, readDoor } from "../../lib/door";
import { safePath } from "../../lib/sign-in-path";

export const metadata: Metadata = { title: "Sign in · antiphon" };

/** NextAuth's words for why a login elsewhere came to nothing. */
const REFUSALS: Readonly<Record<string, string>> = {
  AccessDenied: "This account belongs to nobody here. Ask somebody of the team for an invitation.",
  Configuration: "This way of signing in is not set up properly. Whoever runs the server finds the reason in its log.",
};

interface SignInPageProps {
  readonly searchParams: Promise<{ readonly next?: string; readonly callbackUrl?: string; readonly error?: string }>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const { next, error } = await searchParams;
  const door = await readDoor();
  if (door.needsOwner) redirect("/setup");
  const to = safePath(next);
  if ((await currentViewer()) !== undefined) redirect(to);
  const refusal = error === undefined ? undefined : (REFUSALS[error] ?? "Signing in did not work. Try again.");
  return <SignInForm next={to} providers={door.providers} mail={door.mail} refusal={refusal} />;
}
