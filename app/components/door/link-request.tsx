"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { useTRPC } from "../../lib/trpc";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { FormProblem } from "./heading";

interface MailFormProps {
  readonly label: string;
  readonly action: string;
  /** Said once it was sent; whether there is such an account stays untold. */
  readonly sent: string;
  readonly mutation: "requestLink" | "requestReset";
}

/** Asks for an address, to which something is then sent. */
export function MailForm({ label, action, sent, mutation }: MailFormProps) {
  const trpc = useTRPC();
  const [email, setEmail] = useState("");
  const request = useMutation(
    mutation === "requestLink" ? trpc.door.requestLink.mutationOptions() : trpc.door.requestReset.mutationOptions(),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    request.mutate({ email });
  };
  if (request.isSuccess)
    return (
      <p role="status" className="rounded-xl bg-accent-soft px-3.5 py-2.5 text-sm leading-6">
        {sent}
      </p>
    );
  const problem = problemOf(request.error);
  return (
    <form onSubmit={submit} className="grid gap-3">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <Field label={label} error={fieldErrors(request.error)["email"]}>
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="email"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" busy={request.isPending} className="h-11">
        {action}
      </Button>
    </form>
  );
}

export function LinkRequest() {
  return (
    <MailForm
      label="E-mail a sign-in link to"
      action="Send the link"
      sent="If there is an account with this address, a link is on its way. It works once, for 20 minutes."
      mutation="requestLink"
    />
  );
}
