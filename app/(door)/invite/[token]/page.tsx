import type { Metadata } from "next";
import { Invitation } from "../../../components/door/invitation";
import { currentViewer } from "../../../lib/door";

export const metadata: Metadata = { title: "Invitation · antiphon", referrer: "no-referrer" };

export default async function InvitePage({ params }: { readonly params: Promise<{ readonly token: string }> }) {
  const viewer = await currentViewer();
  return <Invitation token={(await params).token} signedInAs={viewer?.user.email} />;
}
