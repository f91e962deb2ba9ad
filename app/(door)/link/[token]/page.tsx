import type { Metadata } from "next";
import { LinkForm } from "../../../components/door/link-form";

export const metadata: Metadata = { title: "Sign in · antiphon", referrer: "no-referrer" };

export default async function LinkPage({ params }: { readonly params: Promise<{ readonly token: string }> }) {
  return <LinkForm token={(await params).token} />;
}
