"use client";
import { useState } from "react";
import { signInWithLink } from "../../lib/sign-in";
import { Button, ButtonLink } from "../ui/button";
import { DoorHeading } from "./heading";

/** A press is asked for: mail programs open links by themselves, and this one works once. */
export function LinkForm({ token }: { readonly token: string }) {
  const [state, setState] = useState<"ready" | "busy" | "refused">("ready");
  const enter = async (): Promise<void> => {
    setState("busy");
    const outcome = await signInWithLink(token).catch(() => undefined);
    if (outcome?.type === "ok") location.assign("/");
    else setState("refused");
  };
  if (state === "refused")
    return (
      <>
        <DoorHeading title="This link no longer works">It was used already, or is too old.</DoorHeading>
        <ButtonLink href="/sign-in" look="primary" className="h-11 w-full">
          Ask for a new one
        </ButtonLink>
      </>
    );
  return (
    <>
      <DoorHeading title="Welcome back" />
      <Button look="primary" className="h-11 w-full" busy={state === "busy"} onClick={() => void enter()}>
        Sign in
      </Button>
    </>
  );
}
