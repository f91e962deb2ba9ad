"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Download, Link2, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { compact, duration, length, money } from "../../lib/format";
import { type Answers, useTRPC, useTRPCClient } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { useViewer } from "../shell/viewer";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Confirm } from "../ui/dialog";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { TabPanel, Tabs } from "../ui/tabs";
import { Time } from "../ui/time";
import { ConversationView } from "./conversation-view";
import { RawEvents } from "./raw-events";
import { StateBadge } from "./session-columns";
import { Waterfall } from "./waterfall";

export type Detail = Answers["sessions"]["get"];
type Tab = "conversation" | "timing" | "events" | "configuration";

const TABS = [
  { value: "conversation", label: "Conversation" },
  { value: "timing", label: "Timing" },
  { value: "events", label: "Events" },
  { value: "configuration", label: "Configuration" },
] as const;

export function SessionDetail({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const session = useQuery(
    trpc.sessions.get.queryOptions(
      { id },
      { refetchInterval: ({ state }) => (state.data?.status === "live" ? 3_000 : false) },
    ),
  );
  return (
    <Loaded query={session}>
      {(detail) => (
        <Page title={detail.preview ?? "Session"} actions={<Deeds detail={detail} />}>
          <Facts detail={detail} />
          <Body detail={detail} />
        </Page>
      )}
    </Loaded>
  );
}

function Body({ detail }: { readonly detail: Detail }) {
  const [tab, setTab] = useState<Tab>("conversation");
  return (
    <Tabs label="Parts of the session" value={tab} onChange={setTab} tabs={TABS} className="mt-6">
      <TabPanel value="conversation">
        <ConversationView detail={detail} />
      </TabPanel>
      <TabPanel value="timing">
        <Waterfall detail={detail} />
      </TabPanel>
      <TabPanel value="events">
        <RawEvents id={detail.id} />
      </TabPanel>
      <TabPanel value="configuration">
        <Card>
          <pre tabIndex={0} aria-label="Configuration" className="overflow-auto font-mono text-[0.8125rem] leading-6">
            {JSON.stringify(detail.config, null, 2) ?? "It was not kept."}
          </pre>
        </Card>
      </TabPanel>
    </Tabs>
  );
}

function Facts({ detail }: { readonly detail: Detail }) {
  const facts: readonly (readonly [label: string, value: React.ReactNode])[] = [
    ["State", <StateBadge key="state" session={detail} />],
    ["Began", <Time key="began" at={detail.startedAt} />],
    ["Length", length(detail.durationMs ?? 0)],
    [
      "Model",
      <span key="model" className="break-all">
        {detail.model}
      </span>,
    ],
    ["Transport", detail.transport],
    ["Heard after", detail.heardMs === null ? "–" : duration(detail.heardMs)],
    ["Interruptions", detail.interruptions],
    ["Tokens", `${compact(detail.inputTokens)} in, ${compact(detail.outputTokens)} out`],
    ["Cost", money(detail.costMicros)],
  ];
  return (
    <>
      <p className="-mt-3 font-mono text-xs text-ink-faint">{detail.id}</p>
      <dl className="mt-4 grid grid-cols-2 gap-x-8 gap-y-3 sm:flex sm:flex-wrap">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt className="text-xs text-ink-faint">{label}</dt>
            <dd className="mt-0.5 text-sm tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {detail.gaps.length > 0 && (
        <p className="mt-4 rounded-xl bg-vermilion-soft px-3.5 py-2.5 text-sm text-vermilion">
          Part of this session was not recorded: {detail.gaps.map(({ reason }) => reason).join("; ")}.
        </p>
      )}
      {detail.purgedAt !== null && (
        <p className="mt-4 rounded-xl bg-sunken px-3.5 py-2.5 text-sm text-ink-soft">
          What was said is gone, as your retention asks for. The figures stay.
        </p>
      )}
    </>
  );
}

function Deeds({ detail }: { readonly detail: Detail }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const router = useRouter();
  const done = useDone();
  const may = useViewer().scopes.includes("sessions:write");
  const [removing, setRemoving] = useState(false);
  const end = useMutation(
    trpc.sessions.end.mutationOptions({
      onSuccess: () => done([trpc.sessions.pathKey()], "The session is being ended."),
      onError: tellFailure,
    }),
  );
  const remove = useMutation(
    trpc.sessions.remove.mutationOptions({
      onSuccess: async () => {
        router.push("/sessions");
        await done([trpc.sessions.list.pathKey()], "The session is deleted.");
      },
      onError: tellFailure,
      onSettled: () => setRemoving(false),
    }),
  );
  const copyLink = (): void => {
    const written =
      "clipboard" in navigator ? navigator.clipboard.writeText(location.href) : Promise.reject(new Error());
    written.then(
      () => toast.success("The link is copied."),
      () => toast.error("The browser did not allow copying."),
    );
  };
  const download = (): void =>
    void client.sessions.export.query({ id: detail.id }).then((document) => {
      saveAs(`${detail.id}.json`, JSON.stringify(document, null, 2));
    }, tellFailure);
  return (
    <>
      <Button onClick={copyLink}>
        <Link2 aria-hidden="true" />
        Copy link
      </Button>
      <Button onClick={download}>
        <Download aria-hidden="true" />
        Export
      </Button>
      {may && detail.status === "live" && (
        <Button look="danger-quiet" busy={end.isPending} onClick={() => end.mutate({ id: detail.id })}>
          End it
        </Button>
      )}
      {may && detail.status === "ended" && (
        <Button look="danger-quiet" onClick={() => setRemoving(true)}>
          <Trash2 aria-hidden="true" />
          Delete
        </Button>
      )}
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title="Delete this session?"
        description="Its words, events and audio are gone for good. Its minutes, tokens and cost stay in the sums."
        action="Delete"
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ id: detail.id })}
      />
    </>
  );
}

/** Hands a text to the browser as a file. */
function saveAs(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
