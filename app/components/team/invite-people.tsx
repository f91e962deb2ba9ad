"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { mayGrant, ROLES, type Role } from "@/lib/auth/roles";
import { fieldErrors, problemOf } from "../../lib/errors";
import { useTRPC } from "../../lib/trpc";
import { useDone } from "../../lib/use-done";
import { FormProblem } from "../door/heading";
import { useViewer } from "../shell/viewer";
import { Button } from "../ui/button";
import { Dialog, DialogActions } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input, Select } from "../ui/input";
import { Secret } from "../ui/secret";
import { ROLE_WORDS } from "./team";

interface InvitePeopleProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

export function InvitePeople({ open, onOpenChange }: InvitePeopleProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Invite somebody">
      <Form onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const trpc = useTRPC();
  const done = useDone();
  const viewer = useViewer();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("developer");
  const invite = useMutation(trpc.team.invite.mutationOptions({ onSuccess: () => done([trpc.team.pathKey()]) }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    invite.mutate({ role, ...(email.trim() === "" ? {} : { email }) });
  };
  if (invite.data !== undefined)
    return (
      <div className="grid gap-4">
        {invite.data.letter === "sent" && (
          <p className="text-sm leading-6">
            The invitation is on its way to {email}. You may pass on the link as well.
          </p>
        )}
        {invite.data.letter === "failed" && (
          <FormProblem>The e-mail could not be sent. The invitation holds: pass on the link yourself.</FormProblem>
        )}
        <Secret label="The link, for a week" value={invite.data.link} />
        <DialogActions>
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </DialogActions>
      </div>
    );
  const problem = problemOf(invite.error, ["email"]);
  return (
    <form onSubmit={submit} className="grid gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <Field label="Role" hint={`A ${role}: ${ROLE_WORDS[role]}.`}>
        {(control) => (
          <Select {...control} value={role} onChange={({ target }) => setRole(target.value as Role)}>
            {ROLES.filter((each) => mayGrant(viewer.role, each)).map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        )}
      </Field>
      <Field
        label="E-mail"
        optional
        hint="Only the owner of this address can then use the link. Empty: whoever has it."
        error={fieldErrors(invite.error)["email"]}
      >
        {(control) => (
          <Input {...control} type="email" value={email} onChange={({ target }) => setEmail(target.value)} />
        )}
      </Field>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" busy={invite.isPending}>
          Make the invitation
        </Button>
      </DialogActions>
    </form>
  );
}
