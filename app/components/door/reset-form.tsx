"use client";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { fieldErrors, problemOf } from "../../lib/errors";
import { useTRPC } from "../../lib/trpc";
import { Button, ButtonLink } from "../ui/button";
import { DoorHeading, FormProblem } from "./heading";
import { NewPassword } from "./person-fields";

export function ResetForm({ token }: { readonly token: string }) {
  const trpc = useTRPC();
  const [password, setPassword] = useState("");
  const reset = useMutation(trpc.door.reset.mutationOptions());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    reset.mutate({ token, password });
  };
  if (reset.isSuccess)
    return (
      <>
        <DoorHeading title="Your password is changed">
          Everywhere else you were signed in, you no longer are.
        </DoorHeading>
        <ButtonLink href="/sign-in" look="primary" className="h-11 w-full">
          Sign in
        </ButtonLink>
      </>
    );
  const problem = problemOf(reset.error, ["password"]);
  return (
    <>
      <DoorHeading title="Choose a new password" />
      <form onSubmit={submit} className="grid gap-4">
        {problem !== undefined && (
          <FormProblem>
            {problem}
            {reset.error?.data?.code === "UNAUTHORIZED" && (
              <>
                {" "}
                <Link href="/forgot" className="font-medium underline underline-offset-4">
                  Ask for a new one
                </Link>
              </>
            )}
          </FormProblem>
        )}
        <NewPassword value={password} error={fieldErrors(reset.error)["password"]} onChange={setPassword} />
        <Button look="primary" type="submit" busy={reset.isPending} className="h-11">
          Change the password
        </Button>
      </form>
    </>
  );
}
