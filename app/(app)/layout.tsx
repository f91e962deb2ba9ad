import type { ReactNode } from "react";
import { isMember } from "@/lib/auth/viewer";
import { NoOrganisation } from "../components/door/no-organisation";
import { Shell } from "../components/shell/shell";
import { requireViewer } from "../lib/door";

export default async function AppLayout({ children }: { readonly children: ReactNode }) {
  const viewer = await requireViewer();
  return isMember(viewer) ? <Shell viewer={viewer}>{children}</Shell> : <NoOrganisation email={viewer.user.email} />;
}
