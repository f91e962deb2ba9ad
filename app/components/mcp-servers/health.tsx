import { duration } from "../../lib/format";
import type { Answers } from "../../lib/trpc";
import { Badge } from "../ui/badge";
import { Time } from "../ui/time";

type Health = Answers["mcpServers"]["get"]["health"];

export function HealthBadge({ health }: { readonly health: Health }) {
  if (health === null) return <Badge>not asked yet</Badge>;
  return health.problem === null ? <Badge tone="good">answers</Badge> : <Badge tone="bad">fails</Badge>;
}

/** Whether it answered when it was asked last, when that was, and in which words it failed. */
export function HealthLine({ health }: { readonly health: Health }) {
  return (
    <div className="text-sm leading-6 text-ink-soft">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <HealthBadge health={health} />
        {health !== null && (
          <span>
            asked <Time at={health.checkedAt} ago />
            {health.problem === null && `, answered in ${duration(health.durationMs)}`}
          </span>
        )}
      </p>
      {health !== null && health.problem !== null && (
        <p role="status" className="mt-2 rounded-xl bg-vermilion-soft px-3.5 py-2.5 text-vermilion">
          {health.problem}
          {health.listedAt !== null && (
            <>
              {" "}
              The tools below are those of <Time at={health.listedAt} />.
            </>
          )}
        </p>
      )}
    </div>
  );
}
