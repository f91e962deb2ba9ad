"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { AudioLines, BrainCircuit, Ear, type LucideIcon, MessagesSquare, Mic, Waypoints } from "lucide-react";
import { messageOf } from "../../lib/errors";
import { type Answers, useTRPC } from "../../lib/trpc";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Loaded } from "../ui/loaded";

type Provider = Answers["settings"]["providers"][number];

const STAGES: Readonly<Record<Provider["stage"], { readonly label: string; readonly icon: LucideIcon }>> = {
  vad: { label: "Notices speech", icon: Mic },
  stt: { label: "Hears", icon: Ear },
  llm: { label: "Thinks", icon: BrainCircuit },
  tts: { label: "Speaks", icon: AudioLines },
  speech: { label: "Hears and thinks", icon: MessagesSquare },
  relay: { label: "Passes on", icon: Waypoints },
};

/** Who hears, thinks and speaks, why, and whether they answer. */
export function Providers({ mayTest }: { readonly mayTest: boolean }) {
  const trpc = useTRPC();
  const providers = useQuery(trpc.settings.providers.queryOptions());
  return (
    <Card
      title="Providers"
      description="Who hears, thinks and speaks on this server, and why. Whoever runs it chooses them, in its environment."
    >
      <Loaded query={providers}>
        {(rows) => (
          <ul aria-label="Providers" className="-my-4 divide-y divide-line">
            {rows.map((provider) => (
              <Row key={provider.id} provider={provider} mayTest={mayTest} />
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Row({ provider, mayTest }: { readonly provider: Provider; readonly mayTest: boolean }) {
  const trpc = useTRPC();
  const { label, icon: Icon } = STAGES[provider.stage];
  const test = useMutation(trpc.settings.testProvider.mutationOptions());
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-3 py-4">
      <span className="grid size-9 shrink-0 place-items-center rounded-full bg-sunken text-ink-soft">
        <Icon className="size-4.5" aria-hidden="true" />
      </span>
      <div className="min-w-0 flex-1 basis-52">
        <p className="text-xs text-ink-faint">{label}</p>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
          <span className="min-w-0 break-words">{provider.name}</span>
          {provider.local && <Badge>on this machine</Badge>}
        </p>
        <p className="mt-0.5 text-sm leading-6 break-words text-ink-soft">{provider.reason}</p>
        {provider.models.length > 0 && (
          <p className="mt-0.5 text-[0.8125rem] leading-5 break-words text-ink-faint">for {inWords(provider.models)}</p>
        )}
        <div role="status" className="empty:hidden">
          {test.isSuccess && <Outcome check={test.data} />}
          {test.isError && <p className="mt-2 text-sm leading-6 text-vermilion">{messageOf(test.error)}</p>}
        </div>
      </div>
      {mayTest && (
        <Button
          size="sm"
          aria-label={`Test the connection to ${provider.name}`}
          busy={test.isPending}
          onClick={() => test.mutate({ id: provider.id })}
        >
          Test connection
        </Button>
      )}
    </li>
  );
}

function Outcome({ check }: { readonly check: Answers["settings"]["testProvider"] }) {
  const took = check.ms < 1000 ? `${check.ms} ms` : `${(check.ms / 1000).toFixed(1)} s`;
  return (
    <p className="mt-2 text-sm leading-6">
      <Badge tone={check.ok ? "good" : "bad"} className="mr-2 align-middle">
        {check.ok ? `Works, ${took}` : check.code.replaceAll("_", " ")}
      </Badge>
      <span className={check.ok ? "text-ink-soft" : "text-vermilion"}>
        {check.ok ? check.detail : `${check.message} (${took})`}
      </span>
    </p>
  );
}

const SHOWN = 4;

function inWords(models: readonly string[]): string {
  const more = models.length - SHOWN;
  return more > 1 ? `${models.slice(0, SHOWN).join(", ")} and ${more} more names` : models.join(", ");
}
