import type { Metadata } from "next";
import { AgentPage } from "../../../components/agents/agent-page";

export const metadata: Metadata = { title: "Agent · antiphon" };

export default async function Page({ params }: { readonly params: Promise<{ readonly id: string }> }) {
  return <AgentPage id={(await params).id} />;
}
