import type { Metadata } from "next";
import { Usage } from "../../components/usage/usage";

export const metadata: Metadata = { title: "Limits and usage · antiphon" };

export default function UsagePage() {
  return <Usage />;
}
