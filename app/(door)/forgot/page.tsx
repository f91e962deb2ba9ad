import type { Metadata } from "next";
import Link from "next/link";
import { DoorHeading } from "../../components/door/heading";
import { MailForm } from "../../components/door/link-request";
import { readDoor } from "../../lib/door";

export const metadata: Metadata = { title: "New password · antiphon" };

export default async function ForgotPage() {
  const { mail } = await readDoor();
  return (
    <>
      <DoorHeading title="A new password">
        {mail
          ? "We send a link to your address; with it you choose a new password."
          : "This server cannot send e-mail. Ask an owner of your organisation for a link to a new password."}
      </DoorHeading>
      {mail && (
        <MailForm
          label="Your e-mail"
          action="Send the link"
          sent="If there is an account with this address, a link is on its way. It works once, for an hour."
          mutation="requestReset"
        />
      )}
      <Link
        href="/sign-in"
        className="mt-6 inline-block rounded text-sm text-ink-soft underline-offset-4 hover:underline"
      >
        Back to signing in
      </Link>
    </>
  );
}
