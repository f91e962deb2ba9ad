"use client";
import { signOut } from "../../lib/sign-out";
import { Button } from "../ui/button";

export function SignOutButton() {
  return (
    <Button className="h-11" onClick={() => void signOut()}>
      Sign out
    </Button>
  );
}
