import type { Metadata } from "next";
import { Suspense } from "react";
import { Sessions } from "../../components/sessions/sessions";

export const metadata: Metadata = { title: "Sessions · antiphon" };

export default function SessionsPage() {
  return (
    <Suspense>
      <Sessions />
    </Suspense>
  );
}
