"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { chooseOrganisation } from "../../lib/organisation";
import { useTRPC } from "../../lib/trpc";
import { FormProblem } from "../door/heading";
import { Button } from "../ui/button";
import { Dialog, DialogActions } from "../ui/dialog";
import { NameField } from "../ui/name-field";

interface NewOrganisationProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function NewOrganisation({ open, onOpenChange }: NewOrganisationProps) {
  const trpc = useTRPC();
  const [name, setName] = useState("");
  const create = useMutation(
    trpc.organisations.create.mutationOptions({ onSuccess: ({ id }) => chooseOrganisation(id) }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate({ name });
  };
  const problem = problemOf(create.error, ["name"]);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="New organisation"
      description="With keys, agents, sessions and a team of its own. You become its owner."
    >
      <form onSubmit={submit} className="grid gap-4">
        {problem !== undefined && <FormProblem>{problem}</FormProblem>}
        <NameField error={fieldErrors(create.error)["name"]} autoFocus value={name} onChange={setName} />
        <DialogActions>
          <Button look="primary" type="submit" busy={create.isPending || create.isSuccess}>
            Create it
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
