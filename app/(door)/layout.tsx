import type { ReactNode } from "react";
import { Motif } from "../components/motif";
import { Logo } from "../components/icons";

/** What stands before the app: logging in, setting up, joining. */
export default function DoorLayout({ children }: { readonly children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center px-5 py-8">
      <div className="my-auto w-full max-w-sm">
        <p className="mb-8 flex items-center gap-2.5 font-serif text-xl tracking-tight">
          <Logo className="h-5 w-auto" />
          antiphon
        </p>
        {children}
      </div>
      <Motif className="mt-10 h-8 opacity-60" />
    </main>
  );
}
