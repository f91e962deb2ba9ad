"use client";
import { Command } from "cmdk";
import { LogOut, Moon, Sun } from "lucide-react";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect } from "react";
import { NAVIGATION } from "../../lib/navigation";
import { signOut } from "../../lib/sign-out";
import { chooseTheme, useIsDark } from "../../lib/theme";

interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Ctrl+K: every place and a few deeds, by typing. */
export function Palette({ open, onOpenChange }: PaletteProps) {
  const router = useRouter();
  const dark = useIsDark();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      onOpenChange(true);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [onOpenChange]);
  const run = (deed: () => void) => () => {
    onOpenChange(false);
    deed();
  };
  return (
    <Command.Dialog
      open={open}
      onOpenChange={onOpenChange}
      label="Go to"
      overlayClassName="fixed inset-0 z-40 bg-[oklch(0.2_0.03_270/0.4)]"
      contentClassName="fixed top-[12vh] left-1/2 z-50 w-[min(36rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-2xl border border-line bg-surface shadow-float"
    >
      <Command.Input
        placeholder="Where to?"
        aria-label="Where to?"
        className="h-13 w-full border-b border-line bg-transparent px-5 outline-none placeholder:text-ink-faint"
      />
      <Command.List className="max-h-[min(24rem,60vh)] overflow-y-auto p-2">
        <Command.Empty className="px-3 py-8 text-center text-sm text-ink-soft">Nothing of that name.</Command.Empty>
        <Command.Group>
          {NAVIGATION.flatMap(({ places }) => places).map(({ href, label, icon: Icon, also }) => (
            <Item key={href} keywords={also?.split(" ")} onSelect={run(() => router.push(href))}>
              <Icon aria-hidden="true" />
              {label}
            </Item>
          ))}
          <Item keywords={["theme", "colour"]} onSelect={run(() => chooseTheme(dark ? "light" : "dark"))}>
            {dark ? <Sun aria-hidden="true" /> : <Moon aria-hidden="true" />}
            {dark ? "Light theme" : "Dark theme"}
          </Item>
          <Item keywords={["log out", "leave"]} onSelect={run(() => void signOut())}>
            <LogOut aria-hidden="true" />
            Sign out
          </Item>
        </Command.Group>
      </Command.List>
    </Command.Dialog>
  );
}

interface ItemProps {
  readonly keywords?: string[];
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

function Item({ keywords, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      keywords={keywords}
      onSelect={onSelect}
      className="flex h-10 cursor-pointer items-center gap-3 rounded-lg px-3 text-sm data-[selected=true]:bg-accent-soft data-[selected=true]:text-accent [&_svg]:size-4 [&_svg]:text-ink-faint"
    >
      {children}
    </Command.Item>
  );
}
