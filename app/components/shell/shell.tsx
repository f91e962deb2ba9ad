"use client";
import { Dialog } from "@base-ui/react/dialog";
import { Menu as MenuIcon, Search, X } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useState } from "react";
import type { Member } from "@/lib/auth/viewer";
import { isAt, NAVIGATION } from "../../lib/navigation";
import { Logo } from "../icons";
import { cn } from "../ui/cn";
import { AccountMenu } from "./account-menu";
import { Palette } from "./palette";
import { OrganisationSwitcher } from "./switcher";
import { ViewerProvider } from "./viewer";

interface ShellProps {
  readonly viewer: Member;
  readonly children: ReactNode;
}

/** What surrounds every page: navigation at the side, or behind a button on a phone. */
export function Shell({ viewer, children }: ShellProps) {
  const [palette, setPalette] = useState(false);
  return (
    <ViewerProvider viewer={viewer}>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-surface focus:px-4 focus:py-2"
      >
        Skip to the content
      </a>
      <div className="flex h-dvh flex-col lg:flex-row">
        <aside className="hidden w-60 shrink-0 flex-col border-r border-line bg-surface lg:flex">
          <Side onSearch={() => setPalette(true)} />
        </aside>
        <TopBar onSearch={() => setPalette(true)} />
        <main id="content" tabIndex={-1} className="min-h-0 min-w-0 flex-1 overflow-y-auto outline-none">
          {children}
        </main>
      </div>
      <Palette open={palette} onOpenChange={setPalette} />
    </ViewerProvider>
  );
}

function Side({ onSearch, onNavigate }: { readonly onSearch: () => void; readonly onNavigate?: () => void }) {
  return (
    <>
      <div className="flex h-15 shrink-0 items-center px-5">
        <Brand />
      </div>
      <div className="grid gap-2 px-3">
        <OrganisationSwitcher />
        <button
          type="button"
          onClick={onSearch}
          aria-keyshortcuts="Control+K Meta+K"
          className="flex h-9 items-center gap-2.5 rounded-lg border border-line px-2.5 text-sm text-ink-faint transition-colors hover:border-line-strong hover:text-ink"
        >
          <Search className="size-4" aria-hidden="true" />
          <span className="flex-1 text-left">Go to…</span>
          <kbd aria-hidden="true" className="hidden font-sans text-xs pointer-fine:inline">
            Ctrl K
          </kbd>
        </button>
      </div>
      <Navigation onNavigate={onNavigate} />
      <div className="border-t border-line p-3">
        <AccountMenu />
      </div>
    </>
  );
}

function Brand() {
  return (
    <Link href="/" className="flex items-center gap-2.5 rounded font-serif text-xl tracking-tight">
      <Logo className="h-5 w-auto" />
      antiphon
    </Link>
  );
}

function Navigation({ onNavigate }: { readonly onNavigate?: () => void }) {
  const path = usePathname();
  return (
    <nav aria-label="Main" className="min-h-0 flex-1 overflow-y-auto px-3 py-4">
      {NAVIGATION.map((group) => (
        <div key={group.label ?? ""} className="mb-5 last:mb-0">
          {group.label !== undefined && <p className="mb-1 px-2.5 text-xs font-medium text-ink-faint">{group.label}</p>}
          <ul className="grid gap-0.5">
            {group.places.map(({ href, label, icon: Icon }) => {
              const here = isAt(path, href);
              return (
                <li key={href}>
                  <Link
                    href={href}
                    aria-current={here ? "page" : undefined}
                    onClick={onNavigate}
                    className={cn(
                      "flex h-9 items-center gap-2.5 rounded-lg px-2.5 text-sm text-ink-soft transition-colors hover:bg-sunken hover:text-ink",
                      here && "bg-accent-soft font-medium text-accent hover:bg-accent-soft hover:text-accent",
                    )}
                  >
                    <Icon className="size-4 shrink-0" aria-hidden="true" />
                    {label}
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}

/** The head of the page on a phone; the navigation slides in over the page. */
function TopBar({ onSearch }: { readonly onSearch: () => void }) {
  const [open, setOpen] = useState(false);
  const search = (): void => {
    setOpen(false);
    onSearch();
  };
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line bg-surface px-2 lg:hidden">
      <Dialog.Root open={open} onOpenChange={setOpen}>
        <Dialog.Trigger
          aria-label="Open the navigation"
          className="grid size-11 place-items-center rounded-lg text-ink-soft hover:bg-sunken hover:text-ink"
        >
          <MenuIcon className="size-5" aria-hidden="true" />
        </Dialog.Trigger>
        <Dialog.Portal>
          <Dialog.Backdrop className="fixed inset-0 z-40 bg-[oklch(0.2_0.03_270/0.4)]" />
          <Dialog.Popup className="fixed inset-y-0 left-0 z-50 flex w-72 max-w-[85vw] flex-col border-r border-line bg-surface outline-none">
            <Dialog.Title className="sr-only">Navigation</Dialog.Title>
            <Dialog.Close
              aria-label="Close the navigation"
              className="absolute top-2.5 right-2 grid size-10 place-items-center rounded-lg text-ink-soft hover:bg-sunken"
            >
              <X className="size-4.5" aria-hidden="true" />
            </Dialog.Close>
            <Side onSearch={search} onNavigate={() => setOpen(false)} />
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
      <Brand />
    </header>
  );
}
