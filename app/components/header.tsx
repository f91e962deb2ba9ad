import type { Playground } from "../lib/playground";
import type { PlaygroundState } from "../lib/playground-state";
import { Button } from "./button";
import { Logo } from "./icons";
import { StatusBadge } from "./status-badge";
import { ThemeToggle } from "./theme-toggle";

interface HeaderProps {
  readonly state: PlaygroundState;
  readonly playground: Playground;
}

export function Header({ state: { connection }, playground }: HeaderProps) {
  const live = connection.state === "open";
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 px-4 lg:h-15 lg:border-b lg:border-line lg:px-6">
      <h1 className="flex items-center gap-2.5 font-serif text-xl tracking-tight">
        <Logo className="h-5 w-auto" />
        antiphon
      </h1>
      <div className="ml-auto flex items-center gap-1 sm:gap-2">
        <StatusBadge status={connection} />
        {live && (
          <Button look="ghost" className="h-9 px-2.5" onClick={() => playground.disconnect()}>
            Disconnect
          </Button>
        )}
        <ThemeToggle />
      </div>
    </header>
  );
}
