import type { Metadata } from "next";
import { ResetForm } from "../../../components/door/reset-form";

export const metadata: Metadata = { title: "New password · antiphon", referrer: "no-referrer" };

export default async function ResetPage({ params }: { readonly params: Promise<{ readonly token: string }> }) {
  return <ResetForm token={(await params).token} />;
}
