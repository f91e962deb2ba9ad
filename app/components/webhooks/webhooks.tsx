"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { type Answers, useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { useViewer } from "../shell/viewer";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { DeleteButton } from "../ui/delete-button";
import { Dialog } from "../ui/dialog";
import { EditButton } from "../ui/edit-button";
import { Empty } from "../ui/empty";
import { Loaded } from "../ui/loaded";
import { NewSecret } from "../ui/new-secret";
import { NotAllowed } from "../ui/not-allowed";
import { Page } from "../ui/page-frame";
import { Deliveries } from "./deliveries";
import { WebhookForm } from "./webhook-form";

export type Webhook = Answers["webhooks"]["list"][number];

export function Webhooks() {
  const { scopes } = useViewer();
  const may = scopes.includes("webhooks:write");
  const [creating, setCreating] = useState(false);
  const add = may && (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden="true" />
      New webhook
    </Button>
  );
  return (
    <Page
      title="Webhooks"
      description="Your server hears of sessions, budgets and keys as it happens: signed as Standard Webhooks, and tried again until it answers."
      actions={add}
    >
      {scopes.includes("webhooks:read") ? (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <List add={add} mayEdit={may} />
          <Deliveries mayRepeat={may} />
        </div>
      ) : (
        <NotAllowed who="a developer" />
      )}
      <Dialog open={creating} onOpenChange={setCreating} title="New webhook">
        <WebhookForm webhook={undefined} onClose={() => setCreating(false)} />
      </Dialog>
    </Page>
  );
}

function List({ add, mayEdit }: { readonly add: React.ReactNode; readonly mayEdit: boolean }) {
  const trpc = useTRPC();
  const webhooks = useQuery(trpc.webhooks.list.queryOptions());
  return (
    <Card>
      <Loaded query={webhooks}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={WebhookIcon} title="No webhooks yet" action={add}>
              Give the address of a server of yours, and choose what it should hear of.
            </Empty>
          ) : (
            <ul aria-label="Webhooks" className="-my-3 divide-y divide-line">
              {rows.map((webhook) => (
                <WebhookRow key={webhook.id} webhook={webhook} mayEdit={mayEdit} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

function WebhookRow({ webhook, mayEdit }: { readonly webhook: Webhook; readonly mayEdit: boolean }) {
  const trpc = useTRPC();
  const done = useDone();
  const remove = useMutation(
    trpc.webhooks.remove.mutationOptions({
      onSuccess: () => done([trpc.webhooks.pathKey()], "The webhook is deleted."),
      onError: tellFailure,
    }),
  );
  const rotate = useMutation(trpc.webhooks.rotateSecret.mutationOptions({ onError: tellFailure }));
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <span className="min-w-0 flex-1 basis-64">
        <span className="block truncate font-mono text-sm">{webhook.url}</span>
        <span className="block truncate text-sm text-ink-faint">
          {webhook.description || webhook.events.join(", ")}
        </span>
      </span>
      <Badge tone={webhook.enabled ? "good" : "neutral"}>{webhook.enabled ? "on" : "off"}</Badge>
      {mayEdit && (
        <span className="flex gap-2">
          <EditButton
            of={webhook.url}
            title="Webhook"
            form={(close) => <WebhookForm webhook={webhook} onClose={close} />}
          />
          <NewSecret
            of={webhook.url}
            description="The old one is void at once: your server refuses what comes until it knows the new one."
            secret={rotate.data?.secret}
            busy={rotate.isPending}
            onMake={() => rotate.mutate({ id: webhook.id })}
          />
          <DeleteButton
            of={webhook.url}
            title="Delete this webhook?"
            description="Nothing is sent there any more, and its deliveries are gone from the log."
            busy={remove.isPending}
            onDelete={() => remove.mutateAsync({ id: webhook.id })}
          />
        </span>
      )}
    </li>
  );
}
