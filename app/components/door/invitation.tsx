"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { FormEvent } from "react";
import { fieldErrors, messageOf, problemOf } from "../../lib/errors";
import { chooseOrganisation } from "../../lib/organisation";
import { signInWithPassword } from "../../lib/sign-in";
import { type Answers, useTRPC } from "../../lib/trpc";
import { Button, ButtonLink } from "../ui/button";
import { Skeleton } from "../ui/skeleton";
import { DoorHeading, FormProblem } from "./heading";
import { PersonFields, usePersonValues } from "./person-fields";

type Invite = Answers["door"]["invite"];

interface InvitationProps {
  readonly token: string;
  readonly signedInAs: string | undefined;
}

export function Invitation({ token, signedInAs }: InvitationProps) {
  const trpc = useTRPC();
  const invite = useQuery(trpc.door.invite.queryOptions({ token }, { retry: false, staleTime: Infinity }));
  if (invite.isPending)
    return (
      <div role="status" className="grid gap-4">
        <span className="sr-only">Reading the invitation</span>
        <Skeleton className="h-9 w-3/4" />
        <Skeleton className="h-10" />
        <Skeleton className="h-10" />
      </div>
    );
  if (invite.isError)
    return (
      <>
        <DoorHeading title="This invitation no longer works">{messageOf(invite.error)}</DoorHeading>
        <ButtonLink href="/" className="h-11 w-full">
          Go to antiphon
        </ButtonLink>
      </>
    );
  return (
    <>
      <DoorHeading title={`Join ${invite.data.organisation}`}>You are invited as {invite.data.role}.</DoorHeading>
      {signedInAs === undefined ? (
        <JoinAsNew token={token} invite={invite.data} />
      ) : (
        <JoinAsKnown token={token} email={signedInAs} />
      )}
    </>
  );
}

function JoinAsKnown({ token, email }: { readonly token: string; readonly email: string }) {
  const trpc = useTRPC();
  const join = useMutation(
    trpc.door.join.mutationOptions({ onSuccess: ({ organisationId }) => chooseOrganisation(organisationId) }),
  );
  return (
    <div className="grid gap-4">
      {join.isError && <FormProblem>{messageOf(join.error)}</FormProblem>}
      <Button
        look="primary"
        className="h-11"
        busy={join.isPending || join.isSuccess}
        onClick={() => join.mutate({ token })}
      >
        Join as {email}
      </Button>
    </div>
  );
}

function JoinAsNew({ token, invite }: { readonly token: string; readonly invite: Invite }) {
  const trpc = useTRPC();
  const person = usePersonValues(invite.email ?? "");
  const join = useMutation(
    trpc.door.joinAsNew.mutationOptions({
      onSuccess: async ({ organisationId }) => {
        const { email, password } = person.values;
        const outcome = await signInWithPassword(email, password);
        chooseOrganisation(organisationId, outcome.type === "ok" ? "/" : "/sign-in");
      },
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    join.mutate({ token, ...person.values });
  };
  const problem = problemOf(join.error, ["name", "email", "password"]);
  return (
    <form onSubmit={submit} className="grid gap-4">
      {problem !== undefined && <FormProblem>{problem}</FormProblem>}
      <PersonFields person={person} errors={fieldErrors(join.error)} fixedEmail={invite.email !== null} />
      <Button look="primary" type="submit" busy={join.isPending || join.isSuccess} className="mt-1 h-11">
        Create the account and join
      </Button>
      <p className="text-center text-sm text-ink-soft">
        You have an account?{" "}
        <Link
          href={`/sign-in?next=/invite/${encodeURIComponent(token)}`}
          className="font-medium text-accent hover:underline"
        >
          Sign in first
        </Link>
      </p>
    </form>
  );
}
