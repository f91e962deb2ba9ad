"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { AudioLines, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { useViewer } from "../shell/viewer";
import { Button, ButtonLink } from "../ui/button";
import { Confirm } from "../ui/dialog";
import { Loaded } from "../ui/loaded";
import { Page } from "../ui/page-frame";
import { TabPanel, Tabs } from "../ui/tabs";
import { AgentCode } from "./agent-code";
import { AgentEditor } from "./agent-editor";
import { AgentVersions } from "./agent-versions";
import type { Agent } from "./draft";

const TABS = [
  { value: "edit", label: "Edit" },
  { value: "versions", label: "Versions" },
  { value: "code", label: "Code" },
] as const;
type Tab = (typeof TABS)[number]["value"];

export function AgentPage({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const agent = useQuery(trpc.agents.get.queryOptions({ id }));
  return <Loaded query={agent}>{(data) => <Content agent={data} />}</Loaded>;
}

function Content({ agent }: { readonly agent: Agent }) {
  const [tab, setTab] = useState<Tab>("edit");
  const may = useViewer().scopes.includes("agents:write");
  return (
    <Page
      title={agent.name}
      description={agent.description === "" ? `Version ${agent.latestVersion}` : agent.description}
      actions={
        <>
          {may && <Archive agent={agent} />}
          <ButtonLink href={`/playground?agent=${agent.id}`} look="primary">
            <AudioLines aria-hidden="true" />
            Open in the playground
          </ButtonLink>
        </>
      }
      narrow
    >
      <Tabs label="Parts of the agent" value={tab} onChange={setTab} tabs={TABS}>
        <TabPanel value="edit">
          {/* A new version is another form: what was typed over the old one is saved, or was given up. */}
          <AgentEditor key={agent.latestVersion} agent={agent} mayEdit={may} />
        </TabPanel>
        <TabPanel value="versions">
          <AgentVersions agent={agent} mayRestore={may} />
        </TabPanel>
        <TabPanel value="code">
          <AgentCode agent={agent} />
        </TabPanel>
      </Tabs>
    </Page>
  );
}

function Archive({ agent }: { readonly agent: Agent }) {
  const trpc = useTRPC();
  const router = useRouter();
  const done = useDone();
  const [asking, setAsking] = useState(false);
  const archive = useMutation(
    trpc.agents.archive.mutationOptions({
      onSuccess: async () => {
        router.push("/agents");
        await done([trpc.agents.list.pathKey()], `${agent.name} is deleted.`);
      },
      onError: tellFailure,
      onSettled: () => setAsking(false),
    }),
  );
  return (
    <>
      <Button look="danger-quiet" onClick={() => setAsking(true)}>
        <Trash2 aria-hidden="true" />
        Delete
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={`Delete ${agent.name}?`}
        description="It is gone from every list, and programs that ask for it are refused. Its sessions stay."
        action="Delete"
        busy={archive.isPending}
        onConfirm={() => archive.mutate({ id: agent.id })}
      />
    </>
  );
}
