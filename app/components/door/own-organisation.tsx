"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { chooseOrganisation } from "../../lib/organisation";
import { useTRPC } from "../../lib/trpc";
import { Button } from "../ui/button";
import { NameField } from "../ui/name-field";
import { FormProblem } from "./heading";

/** For whoever is in none, where the operator lets people make organisations. */
export function OwnOrganisation() {
  const trpc = useTRPC();
  const [name, setName] = useState("");
  const found = useMutation(trpc.door.found.mutationOptions({ onSuccess: ({ id }) => chooseOrganisation(id) }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    found.mutate({ name });
  };
  const problem = problemOf(found.error, ["name"]);
  return (
    <form onSubmit={submit} className="grid gap-4 border-t border-line pt-5">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <NameField
        label="Or begin your own"
        hint="What your organisation is called. You become its owner."
        error={fieldErrors(found.error)["name"]}
        value={name}
        onChange={setName}
      />
      <Button look="primary" type="submit" className="h-11" busy={found.isPending || found.isSuccess}>
        Make the organisation
      </Button>
    </form>
  );
}
