"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Time } from "../ui/time";

/** Invitations that nobody has used yet; nothing while there are none. */
export function OpenInvites({ mayRevoke }: { readonly mayRevoke: boolean }) {
  const trpc = useTRPC();
  const done = useDone();
  const invites = useQuery(trpc.team.invites.queryOptions());
  const revoke = useMutation(
    trpc.team.revokeInvite.mutationOptions({
      onSuccess: () => done([trpc.team.pathKey()], "The invitation is void."),
      onError: tellFailure,
    }),
  );
  if (invites.data === undefined || invites.data.length === 0) return null;
  return (
    <Card title="Open invitations">
      <ul className="-my-3 divide-y divide-line">
        {invites.data.map((invite) => (
          <li key={invite.id} className="flex flex-wrap items-center gap-3 py-3">
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{invite.email ?? "Whoever has the link"}</span>
              <span className="text-sm text-ink-faint">
                ends <Time at={invite.expiresAt} ago />
              </span>
            </span>
            <Badge>{invite.role}</Badge>
            {mayRevoke && (
              <Button
                look="danger-quiet"
                size="sm"
                aria-label={`Revoke the invitation of ${invite.email ?? "whoever has the link"}`}
                busy={revoke.isPending}
                onClick={() => revoke.mutate({ id: invite.id })}
              >
                Revoke
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
