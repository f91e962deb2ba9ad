import type { Metadata } from "next";
import { Agents } from "../../components/agents/agents";

export const metadata: Metadata = { title: "Agents · antiphon" };

export default function AgentsPage() {
  return <Agents />;
}
