import type { Metadata } from "next";
import { SessionDetail } from "../../../components/sessions/session-detail";

export const metadata: Metadata = { title: "Session · antiphon" };

export default async function SessionPage({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  return <SessionDetail id={(await params).id} />;
}
