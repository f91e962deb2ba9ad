import type { Metadata } from "next";
import { Tools } from "../../components/tools/tools";

export const metadata: Metadata = { title: "Tools · antiphon" };

export default function ToolsPage() {
  return <Tools />;
}
