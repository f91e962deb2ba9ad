import Link from "next/link";
import { Logo } from "./components/icons";

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 px-6 text-center">
      <Logo className="h-8 w-auto" />
      <h1 className="font-serif text-3xl tracking-tight">There is no such page</h1>
      <p className="text-ink-soft">The address may be mistyped, or the page has moved.</p>
      <Link href="/" className="rounded font-medium text-accent underline-offset-4 hover:underline">
        Go to the conversation
      </Link>
    </main>
  );
}
