"use client";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { type Answers, useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { Badge, type Tone } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Loaded } from "../ui/loaded";
import { Time } from "../ui/time";

type Delivery = Answers["webhooks"]["deliveries"]["items"][number];

const TONES: Readonly<Record<Delivery["status"], Tone>> = { pending: "warn", delivered: "good", failed: "bad" };

/** What was sent, and what became of it; nothing while nothing was. */
export function Deliveries({ mayRepeat }: { readonly mayRepeat: boolean }) {
  const trpc = useTRPC();
  const deliveries = useInfiniteQuery(
    trpc.webhooks.deliveries.infiniteQueryOptions(
      { limit: 50 },
      { getNextPageParam: ({ nextCursor }) => nextCursor, refetchInterval: 10_000 },
    ),
  );
  return (
    <Loaded query={deliveries} skeleton={null}>
      {({ pages }) => {
        const rows = pages.flatMap(({ items }) => items);
        if (rows.length === 0) return null;
        return (
          <Card title="Deliveries">
            <ul aria-label="Deliveries" className="-my-2.5 divide-y divide-line">
              {rows.map((delivery) => (
                <Row key={delivery.id} delivery={delivery} mayRepeat={mayRepeat} />
              ))}
            </ul>
            {deliveries.hasNextPage && (
              <Button
                className="mt-4"
                busy={deliveries.isFetchingNextPage}
                onClick={() => void deliveries.fetchNextPage()}
              >
                Older deliveries
              </Button>
            )}
          </Card>
        );
      }}
    </Loaded>
  );
}

function Row({ delivery, mayRepeat }: { readonly delivery: Delivery; readonly mayRepeat: boolean }) {
  const trpc = useTRPC();
  const done = useDone();
  const repeat = useMutation(
    trpc.webhooks.redeliver.mutationOptions({
      onSuccess: () => done([trpc.webhooks.deliveries.pathKey()], "It is sent once more."),
      onError: tellFailure,
    }),
  );
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 text-sm">
      <Badge tone={TONES[delivery.status]}>{delivery.status}</Badge>
      <code className="min-w-0 flex-1 truncate font-mono text-[0.8125rem]">{delivery.event}</code>
      <span className="text-ink-faint">
        {delivery.lastStatus ?? delivery.lastError ?? ""}
        {delivery.attempts > 1 && `, ${delivery.attempts} tries`}
      </span>
      <span className="text-ink-faint">
        <Time at={delivery.createdAt} />
      </span>
      {mayRepeat && delivery.status !== "pending" && (
        <Button size="sm" busy={repeat.isPending} onClick={() => repeat.mutate({ id: delivery.id })}>
          Send again
        </Button>
      )}
    </li>
  );
}
