"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { signInWithPassword } from "../../lib/sign-in";
import { useTRPC } from "../../lib/trpc";
import { Button } from "../ui/button";
import { PersonFields, type PersonValues, usePersonValues } from "./person-fields";
import { DoorHeading, FormProblem } from "./heading";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

/** The first owner: afterwards one talks. */
export function SetupForm({ token }: { readonly token: string | undefined }) {
  const trpc = useTRPC();
  const person = usePersonValues();
  const [organisation, setOrganisation] = useState("");
  const setup = useMutation(
    trpc.door.setup.mutationOptions({
      onSuccess: async () => {
        const { email, password } = person.values;
        const outcome = await signInWithPassword(email, password);
        location.assign(outcome.type === "ok" ? "/playground" : "/sign-in");
      },
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setup.mutate({ ...person.values, organisation, ...(token === undefined ? {} : { token }) });
  };
  const errors = fieldErrors(setup.error);
  const problem = problemOf(setup.error, [...PERSON_FIELDS, "organisation"]);
  return (
    <>
      <DoorHeading title="Make this server yours">
        One account, and you can talk to it. Colleagues come later, by invitation.
      </DoorHeading>
      <form onSubmit={submit} className="grid gap-4">
        {problem !== undefined && <FormProblem>{problem}</FormProblem>}
        <PersonFields person={person} errors={errors} />
        <Field
          label="Organisation"
          optional
          hint="What your team is called. You can change it."
          error={errors["organisation"]}
        >
          {(control) => (
            <Input
              {...control}
              autoComplete="organization"
              maxLength={80}
              value={organisation}
              onChange={(event) => setOrganisation(event.target.value)}
            />
          )}
        </Field>
        <Button look="primary" type="submit" busy={setup.isPending || setup.isSuccess} className="mt-1 h-11">
          Create the account
        </Button>
      </form>
    </>
  );
}

const PERSON_FIELDS = ["name", "email", "password"] as const satisfies readonly (keyof PersonValues)[];
