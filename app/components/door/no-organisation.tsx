"use client";
import { signOut } from "../../lib/sign-out";
import { Button } from "../ui/button";
import { DoorHeading } from "./heading";

/** Somebody whom a provider knows, and nobody here has invited yet. */
export function NoOrganisation({ email }: { readonly email: string }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-5">
      <DoorHeading title="You are in no organisation yet">
        Ask somebody of your team to invite {email}. The invitation is a link; open it in this browser.
      </DoorHeading>
      <Button className="h-11" onClick={() => void signOut()}>
        Sign out
      </Button>
    </main>
  );
}
