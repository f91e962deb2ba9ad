import { Check } from "lucide-react";
import Link from "next/link";
import { cn } from "../ui/cn";
import type { OverviewData } from "./overview";

interface Step {
  readonly done: boolean;
  readonly title: string;
  readonly text: string;
  readonly href: string;
}

/** What a newcomer has still to do; gone once everything is done. */
export function Checklist({ done }: { readonly done: OverviewData["checklist"] }) {
  const steps: readonly Step[] = [
    {
      done: done.session,
      title: "Talk to your server",
      text: "Open the playground and say something.",
      href: "/playground",
    },
    { done: done.agent, title: "Make an agent", text: "Give it a name, a voice and instructions.", href: "/agents" },
    { done: done.key, title: "Connect a program", text: "Make a key, and run a snippet as it is.", href: "/connect" },
  ];
  if (steps.every((step) => step.done)) return null;
  return (
    <section aria-labelledby="first-steps" className="rounded-2xl border border-line bg-surface p-5">
      <h2 id="first-steps" className="font-semibold">
        First steps
      </h2>
      <ol className="mt-4 grid gap-3 md:grid-cols-3">
        {steps.map((step, i) => (
          <li key={step.href}>
            <Link
              href={step.href}
              className="flex h-full items-start gap-3 rounded-xl border border-line bg-paper p-4 transition-colors hover:border-line-strong"
            >
              <span
                aria-hidden="true"
                className={cn(
                  "grid size-6 shrink-0 place-items-center rounded-full font-serif text-sm",
                  step.done ? "bg-leaf text-paper" : "border border-vermilion text-vermilion",
                )}
              >
                {step.done ? <Check className="size-3.5" /> : i + 1}
              </span>
              <span>
                <span className={cn("block text-sm font-medium", step.done && "text-ink-soft line-through")}>
                  {step.title}
                  {step.done && <span className="sr-only"> (done)</span>}
                </span>
                <span className="mt-0.5 block text-sm leading-5 text-ink-soft">{step.text}</span>
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
