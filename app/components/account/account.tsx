"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { toast } from "sonner";
import { fieldErrors, problemOf } from "../../lib/errors";
import { signInWithPassword } from "../../lib/sign-in";
import { signOut } from "../../lib/sign-out";
import { type Answers, useTRPC } from "../../lib/trpc";
import { FormProblem } from "../door/heading";
import { NewPassword } from "../door/person-fields";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { RenameCard } from "../ui/rename-card";

type Profile = Answers["account"]["get"];

export function Account() {
  const trpc = useTRPC();
  const account = useQuery(trpc.account.get.queryOptions());
  return (
    <Page title="Your account" description="The same in every organisation that you belong to." narrow>
      <Loaded query={account}>
        {(profile) => (
          <div className="grid gap-5">
            <NameCard profile={profile} />
            <PasswordCard profile={profile} />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function NameCard({ profile }: { readonly profile: Profile }) {
  const trpc = useTRPC();
  const rename = useMutation(trpc.account.rename.mutationOptions());
  const saved = "Your name is changed.";
  return (
    <RenameCard
      title="Name"
      description={profile.email}
      label="Your name"
      name={profile.name}
      saved={saved}
      rename={rename}
    />
  );
}

function PasswordCard({ profile }: { readonly profile: Profile }) {
  const trpc = useTRPC();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const change = useMutation(
    trpc.account.changePassword.mutationOptions({
      onSuccess: async () => {
        const outcome = await signInWithPassword(profile.email, password);
        if (outcome.type !== "ok") return signOut();
        setCurrent("");
        setPassword("");
        toast.success("Your password is changed.", { description: "Everywhere else you are signed out." });
      },
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate({ current, password });
  };
  const errors = fieldErrors(change.error);
  const problem = problemOf(change.error, ["current", "password"]);
  return (
    <Card title="Password" description="A new one signs you out everywhere else.">
      <form onSubmit={submit} className="grid max-w-sm gap-4">
        {problem !== undefined && <FormProblem>{problem}</FormProblem>}
        {profile.hasPassword && (
          <Field label="Current password" error={errors["current"]}>
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="current-password"
                required
                value={current}
                onChange={({ target }) => setCurrent(target.value)}
              />
            )}
          </Field>
        )}
        <NewPassword label="New password" value={password} error={errors["password"]} onChange={setPassword} />
        <Button type="submit" className="justify-self-start" busy={change.isPending}>
          Change the password
        </Button>
      </form>
    </Card>
  );
}
