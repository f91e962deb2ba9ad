"use client";
import { ChevronsUpDown, LogOut, Moon, Sun, UserRound } from "lucide-react";
import { signOut } from "../../lib/sign-out";
import { chooseTheme, useIsDark } from "../../lib/theme";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu";
import { useViewer } from "./viewer";

/** Who is logged in, the theme, and the way out. */
export function AccountMenu() {
  const { user, role } = useViewer();
  const dark = useIsDark();
  const name = user.name || user.email;
  return (
    <Menu
      side="top"
      align="start"
      className="w-54"
      trigger={
        <button
          type="button"
          aria-label={`Account of ${name}`}
          className="flex w-full items-center gap-2.5 rounded-lg p-1.5 text-left transition-colors hover:bg-sunken"
        >
          <Initial name={name} />
          <span className="min-w-0 flex-1">
            <span className="block truncate text-sm font-medium">{name}</span>
            <span className="block truncate text-xs text-ink-faint">{role}</span>
          </span>
          <ChevronsUpDown className="size-4 shrink-0 text-ink-faint" aria-hidden="true" />
        </button>
      }
    >
      <MenuItem href="/account">
        <UserRound aria-hidden="true" />
        Your account
      </MenuItem>
      <MenuItem onClick={() => chooseTheme(dark ? "light" : "dark")}>
        {dark ? <Sun aria-hidden="true" /> : <Moon aria-hidden="true" />}
        {dark ? "Light theme" : "Dark theme"}
      </MenuItem>
      <MenuSeparator />
      <MenuItem onClick={() => void signOut()}>
        <LogOut aria-hidden="true" />
        Sign out
      </MenuItem>
    </Menu>
  );
}

export function Initial({ name }: { readonly name: string }) {
  return (
    <span
      aria-hidden="true"
      className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft font-serif text-sm text-accent uppercase"
    >
      {name.trim().slice(0, 1) || "?"}
    </span>
  );
}
