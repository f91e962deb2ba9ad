import type { ConnectionStatus } from "../../lib/playground/realtime-connection";

const LOOKS: Readonly<Record<ConnectionStatus["state"], readonly [label: string, dot: string]>> = {
  idle: ["Not connected", "bg-ink-faint"],
  connecting: ["Connecting…", "bg-gold thinking-dot"],
  open: ["Connected", "bg-leaf"],
  waiting: ["Reconnecting…", "bg-gold thinking-dot"],
  failed: ["Not connected", "bg-vermilion"],
};

export function StatusBadge({ status }: { readonly status: ConnectionStatus }) {
  const [label, dot] = LOOKS[status.state];
  return (
    <span role="status" className="inline-flex items-center gap-2 text-sm whitespace-nowrap text-ink-soft">
      <span aria-hidden="true" className={`size-2 rounded-full ${dot}`} />
      {label}
    </span>
  );
}
