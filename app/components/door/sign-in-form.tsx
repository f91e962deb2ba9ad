"use client";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { type FormEvent, useState } from "react";
import { type SignInOutcome, signInWithPassword, signInWithProvider, waitInWords } from "../../lib/sign-in";
import { refusalWords } from "../../lib/sign-in-refusals";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { DoorHeading, FormProblem } from "./heading";
import { LinkRequest } from "./link-request";

export interface SignInFormProps {
  /** Where to go afterwards. */
  readonly next: string;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
  /** Whether the server can send e-mail. */
  readonly mail: boolean;
  /** Why a login elsewhere failed, where the address does not say more. */
  readonly refusal: string | undefined;
}

export function SignInForm({ next, providers, mail, refusal: other }: SignInFormProps) {
  const refusal = refusalWords(useSearchParams().get("error")) ?? other;
  return (
    <>
      <DoorHeading title="Sign in" />
      <div className="grid gap-5">
        {refusal !== undefined && <FormProblem>{refusal}</FormProblem>}
        <PasswordForm next={next} mail={mail} />
        {(providers.length > 0 || mail) && (
          <div className="flex items-center gap-4 text-xs text-ink-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
            or
          </div>
        )}
        {providers.map(({ id, name }) => (
          <Button key={id} className="h-11" onClick={() => void signInWithProvider(id, next)}>
            Continue with {name}
          </Button>
        ))}
        {mail && <LinkRequest />}
      </div>
    </>
  );
}

function PasswordForm({ next, mail }: { readonly next: string; readonly mail: boolean }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const outcome = await signInWithPassword(email, password);
      if (outcome.type === "ok") return location.assign(next);
      setProblem(words(outcome));
    } catch {
      setProblem("The server does not answer. Try again in a moment.");
    }
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <Field label="E-mail">
        {(control) => (
          <Input
            {...control}
            type="email"
            name="email"
            autoComplete="username"
            autoFocus
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Field label="Password">
        {(control) => (
          <Input
            {...control}
            type="password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Button look="primary" type="submit" busy={busy} className="h-11">
        Sign in
      </Button>
      {mail && (
        <Link
          href="/forgot"
          className="justify-self-center rounded text-sm text-ink-soft underline-offset-4 hover:underline"
        >
          Forgot your password?
        </Link>
      )}
    </form>
  );
}

function words(outcome: Exclude<SignInOutcome, { type: "ok" }>): string {
  switch (outcome.type) {
    case "refused":
      return "No account has this e-mail and password.";
    case "throttled":
      return `Too many tries. Wait ${waitInWords(outcome.seconds)}, then try again.`;
    default:
      return outcome satisfies never;
  }
}
