"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
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
import { NameField } from "../ui/name-field";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";

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
  const router = useRouter();
  const [name, setName] = useState(profile.name);
  const rename = useMutation(
    trpc.account.rename.mutationOptions({
      onSuccess: () => {
        toast.success("Your name is changed.");
        router.refresh();
      },
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    rename.mutate({ name });
  };
  return (
    <Card title="Name" description={profile.email}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <NameField
          label="Your name"
          className="min-w-56 flex-1"
          error={fieldErrors(rename.error)["name"]}
          value={name}
          onChange={setName}
        />
        <Button type="submit" className="h-10" busy={rename.isPending}>
          Save
        </Button>
      </form>
    </Card>
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
