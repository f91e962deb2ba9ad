"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { type Answers, useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { useViewer } from "../shell/viewer";
import { Badge, type Tone } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Confirm } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { Loaded } from "../ui/loaded";
import { NotAllowed } from "../ui/not-allowed";
import { Page } from "../ui/page-frame";
import { SimpleTable } from "../ui/simple-table";
import { Time } from "../ui/time";
import { NewKey } from "./new-key";

type Key = Answers["keys"]["list"][number];

const TONES: Readonly<Record<Key["status"], Tone>> = { active: "good", expired: "warn", revoked: "neutral" };

export function Keys() {
  const trpc = useTRPC();
  const { scopes } = useViewer();
  const may = scopes.includes("keys:write");
  const mayRead = scopes.includes("keys:read");
  const keys = useQuery(trpc.keys.list.queryOptions(undefined, { enabled: mayRead }));
  const [creating, setCreating] = useState(false);
  const add = may && (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden="true" />
      New key
    </Button>
  );
  return (
    <Page
      title="API keys"
      description="With a key a program of yours talks to this server, as with a key of the official API. Browsers get client secrets instead: short-lived, minted with a key."
      actions={add}
    >
      {mayRead ? (
        <Card flush>
          <Loaded query={keys}>
            {(rows) =>
              rows.length === 0 ? (
                <Empty icon={KeyRound} title="No keys yet" action={add}>
                  Make one for each program, so that each can be revoked without the others noticing.
                </Empty>
              ) : (
                <KeyTable rows={rows} mayRevoke={may} />
              )
            }
          </Loaded>
        </Card>
      ) : (
        <NotAllowed who="a developer" />
      )}
      <NewKey open={creating} onOpenChange={setCreating} />
    </Page>
  );
}

function KeyTable({ rows, mayRevoke }: { readonly rows: readonly Key[]; readonly mayRevoke: boolean }) {
  const trpc = useTRPC();
  const done = useDone();
  const [revoking, setRevoking] = useState<Key>();
  const revoke = useMutation(
    trpc.keys.revoke.mutationOptions({
      onSuccess: () => done([trpc.keys.pathKey()], "The key is revoked."),
      onError: tellFailure,
      onSettled: () => setRevoking(undefined),
    }),
  );
  const columns = useMemo(() => columnsOf(mayRevoke ? setRevoking : undefined), [mayRevoke]);
  return (
    <>
      <SimpleTable label="API keys" rows={rows} columns={columns} rowId={({ id }) => id} />
      <Confirm
        open={revoking !== undefined}
        onOpenChange={(open) => !open && setRevoking(undefined)}
        title={`Revoke ${revoking?.name ?? ""}?`}
        description="Whatever uses it is refused from now on, and its running sessions end within seconds. This cannot be undone."
        action="Revoke the key"
        busy={revoke.isPending}
        onConfirm={() => revoking !== undefined && revoke.mutate({ id: revoking.id })}
      />
    </>
  );
}

function columnsOf(onRevoke: ((key: Key) => void) | undefined) {
  return [
    {
      header: "Name",
      cell: ({ row: { original: key } }: { row: { original: Key } }) => (
        <span className="grid">
          <span className="font-medium">{key.name}</span>
          <code className="font-mono text-xs text-ink-faint">{key.hint}</code>
        </span>
      ),
    },
    {
      header: "State",
      cell: ({ row: { original: key } }: { row: { original: Key } }) => (
        <Badge tone={TONES[key.status]}>{key.status}</Badge>
      ),
    },
    {
      header: "May",
      meta: { wide: true },
      cell: ({ row: { original: key } }: { row: { original: Key } }) => (
        <span className="text-ink-soft">{key.scopes.map((scope) => RIGHTS[scope] ?? scope).join(", ")}</span>
      ),
    },
    {
      header: "Last used",
      meta: { wide: true },
      cell: ({ row: { original: key } }: { row: { original: Key } }) =>
        key.lastUsedAt === null ? <span className="text-ink-faint">never</span> : <Time at={key.lastUsedAt} ago />,
    },
    {
      header: "Expires",
      meta: { wide: true },
      cell: ({ row: { original: key } }: { row: { original: Key } }) =>
        key.expiresAt === null ? <span className="text-ink-faint">never</span> : <Time at={key.expiresAt} />,
    },
    {
      id: "deeds",
      header: () => <span className="sr-only">Deeds</span>,
      meta: { className: "w-0 text-right" },
      cell: ({ row: { original: key } }: { row: { original: Key } }) =>
        onRevoke !== undefined &&
        key.status === "active" && (
          <Button look="danger-quiet" size="sm" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
            Revoke
          </Button>
        ),
    },
  ];
}

export const RIGHTS: Readonly<Record<string, string>> = {
  "realtime:connect": "talk",
  "sessions:read": "read sessions",
  "sessions:write": "end sessions",
};
