"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { mayGrant, ROLES, type Role } from "@/lib/auth/roles";
import { type Answers, useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { Initial } from "../shell/account-menu";
import { useViewer } from "../shell/viewer";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Confirm } from "../ui/dialog";
import { Select } from "../ui/input";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { Time } from "../ui/time";
import { InvitePeople } from "./invite-people";
import { OpenInvites } from "./open-invites";

type Member = Answers["team"]["members"][number];

export function Team() {
  const trpc = useTRPC();
  const { scopes, organisation } = useViewer();
  const members = useQuery(trpc.team.members.queryOptions());
  const [inviting, setInviting] = useState(false);
  const may = scopes.includes("team:write");
  return (
    <Page
      title="Team"
      description={`Who works in ${organisation.name}, and what each may do.`}
      actions={
        may && (
          <Button look="primary" onClick={() => setInviting(true)}>
            <UserPlus aria-hidden="true" />
            Invite
          </Button>
        )
      }
      narrow
    >
      <div className="grid gap-5">
        <Card>
          <Loaded query={members}>
            {(rows) => (
              <ul aria-label="Members" className="-my-3 divide-y divide-line">
                {rows.map((member) => (
                  <MemberRow key={member.userId} member={member} />
                ))}
              </ul>
            )}
          </Loaded>
        </Card>
        <OpenInvites mayRevoke={may} />
        <RoleHelp />
      </div>
      <InvitePeople open={inviting} onOpenChange={setInviting} />
    </Page>
  );
}

function MemberRow({ member }: { readonly member: Member }) {
  const trpc = useTRPC();
  const done = useDone();
  const viewer = useViewer();
  const [removing, setRemoving] = useState(false);
  const changed = { onError: tellFailure, onSuccess: () => done([trpc.team.pathKey()], "Done.") };
  const changeRole = useMutation(trpc.team.changeRole.mutationOptions(changed));
  const remove = useMutation(trpc.team.remove.mutationOptions({ ...changed, onSettled: () => setRemoving(false) }));
  const name = member.name ?? member.email;
  const self = member.userId === viewer.user.id;
  const may = !self && mayGrant(viewer.role, member.role);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
      <Initial name={name} />
      <span className="min-w-0 flex-1 basis-40">
        <span className="flex items-center gap-2">
          <span className="truncate font-medium">{name}</span>
          {self && <Badge>you</Badge>}
        </span>
        <span className="block truncate text-sm text-ink-faint">
          {member.email}
          {member.lastLoginAt !== null && (
            <>
              , here <Time at={member.lastLoginAt} ago />
            </>
          )}
        </span>
      </span>
      {may ? (
        <span className="flex items-center gap-2">
          <Select
            aria-label={`Role of ${name}`}
            className="w-36"
            value={member.role}
            disabled={changeRole.isPending}
            onChange={({ target }) => changeRole.mutate({ userId: member.userId, role: target.value as Role })}
          >
            {ROLES.filter((role) => mayGrant(viewer.role, role)).map((role) => (
              <option key={role}>{role}</option>
            ))}
          </Select>
          <Button look="danger-quiet" size="sm" aria-label={`Remove ${name}`} onClick={() => setRemoving(true)}>
            Remove
          </Button>
        </span>
      ) : (
        <Badge tone={member.role === "owner" ? "accent" : "neutral"}>{member.role}</Badge>
      )}
      <Confirm
        open={removing}
        onOpenChange={setRemoving}
        title={`Remove ${name}?`}
        description="They lose access to this organisation at once. Keys that they made go on working."
        action="Remove"
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ userId: member.userId })}
      />
    </li>
  );
}

export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  owner: "everything, the organisation itself included",
  admin: "people, limits, prices, webhooks and settings too",
  developer: "talks, and edits agents, tools and keys",
  viewer: "looks at everything that is no secret, changes nothing",
};

function RoleHelp() {
  return (
    <dl className="grid gap-x-6 gap-y-1.5 px-1 text-sm sm:grid-cols-[auto_1fr]">
      {ROLES.map((role) => (
        <div key={role} className="contents">
          <dt className="font-medium">{role}</dt>
          <dd className="mb-1 text-ink-soft">{ROLE_WORDS[role]}</dd>
        </div>
      ))}
    </dl>
  );
}
