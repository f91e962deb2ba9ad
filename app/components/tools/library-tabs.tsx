import Link from "next/link";
import { cn } from "../ui/cn";

const TABS = [
  { at: "functions", href: "/tools", label: "Functions" },
  { at: "mcp", href: "/tools?view=mcp", label: "MCP servers" },
] as const;

/** The two halves of the library: they are places, so these are links. */
export function LibraryTabs({ at }: { readonly at: (typeof TABS)[number]["at"] }) {
  return (
    <nav aria-label="Kinds of tools" className="mb-5 flex gap-1 border-b border-line">
      {TABS.map((tab) => (
        <Link
          key={tab.at}
          href={tab.href}
          aria-current={tab.at === at ? "page" : undefined}
          className={cn(
            "-mb-px flex h-10 items-center border-b-2 px-3 text-sm -outline-offset-2 hover:text-ink",
            tab.at === at ? "border-vermilion-fill font-medium text-ink" : "border-transparent text-ink-soft",
          )}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
