import type { Metadata } from "next";
import { Team } from "../../components/team/team";

export const metadata: Metadata = { title: "Team · antiphon" };

export default function TeamPage() {
  return <Team />;
}
