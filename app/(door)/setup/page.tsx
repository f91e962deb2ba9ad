import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { DoorHeading } from "../../components/door/heading";
import { SetupForm } from "../../components/door/setup-form";
import { readDoor } from "../../lib/door";

export const metadata: Metadata = { title: "Set up · antiphon" };

interface SetupPageProps {
  readonly searchParams: Promise<{ readonly token?: string }>;
}

export default async function SetupPage({ searchParams }: SetupPageProps) {
  const { needsOwner, atThisMachine } = await readDoor();
  if (!needsOwner) redirect("/");
  const { token } = await searchParams;
  if (token === undefined && !atThisMachine)
    return (
      <DoorHeading title="This server has no owner yet">
        Its start message, in the terminal or the log, shows a setup link that works once. Open that link to become the
        owner.
      </DoorHeading>
    );
  return <SetupForm token={token} />;
}
