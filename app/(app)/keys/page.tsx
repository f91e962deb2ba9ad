import type { Metadata } from "next";
import { Keys } from "../../components/keys/keys";

export const metadata: Metadata = { title: "API keys · antiphon" };

export default function KeysPage() {
  return <Keys />;
}
