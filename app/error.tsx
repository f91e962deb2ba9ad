"use client";
import { Button } from "./components/ui/button";
import { Logo } from "./components/icons";

interface ErrorPageProps {
  readonly error: Error;
  readonly reset: () => void;
}

/** What is left when a component throws: never a blank page. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 px-6 text-center">
      <Logo className="h-8 w-auto" />
      <h1 className="font-serif text-3xl tracking-tight">This page ran into a fault of its own</h1>
      <p className="max-w-md text-ink-soft">{error.message}</p>
      <Button look="primary" size="lg" onClick={reset}>
        Start over
      </Button>
    </main>
  );
}
