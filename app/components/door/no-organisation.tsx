import { readDoor } from "../../lib/door";
import { DoorHeading } from "./heading";
import { OwnOrganisation } from "./own-organisation";
import { SignOutButton } from "./sign-out-button";

/** Somebody who is known, and whom nobody here has invited yet. */
export async function NoOrganisation({ email }: { readonly email: string }) {
  const { signUp } = await readDoor();
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center px-5 py-8">
      <DoorHeading title="You are in no team yet">
        You are signed in as <span className="font-medium break-words text-ink">{email}</span>. Ask somebody of your
        team to invite this address; then open their link, or sign in again.
      </DoorHeading>
      <div className="grid gap-4">
        {signUp === "open" && <OwnOrganisation />}
        <SignOutButton />
      </div>
    </main>
  );
}
