import type { Metadata } from "next";
import { Connect } from "../../components/connect/connect";

export const metadata: Metadata = { title: "Connect · antiphon" };

export default function ConnectPage() {
  return <Connect />;
}
