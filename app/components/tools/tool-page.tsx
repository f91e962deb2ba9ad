"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type Answers, useTRPC } from "../../lib/trpc";
import { tellFailure } from "../../lib/use-done";
import { useViewer } from "../shell/viewer";
import { Badge } from "../ui/badge";
import { Card } from "../ui/card";
import { Code } from "../ui/code";
import { DeleteButton } from "../ui/delete-button";
import { EditButton } from "../ui/edit-button";
import { Loaded } from "../ui/loaded";
import { NewSecret } from "../ui/new-secret";
import { Page } from "../ui/page-frame";
import { useFigures } from "./figures";
import { LatestCalls } from "./latest-calls";
import { ToolForm } from "./tool-form";
import { callerOf } from "./tool-list";
import { Trial } from "./trial";
import { useToolRemoval } from "./use-tool-saving";

type Tool = Answers["tools"]["get"];

export function ToolPage({ id }: { readonly id: string }) {
  const trpc = useTRPC();
  const tool = useQuery(trpc.tools.get.queryOptions({ id }));
  return <Loaded query={tool}>{(data) => <Content tool={data} />}</Loaded>;
}

function Content({ tool }: { readonly tool: Tool }) {
  const may = useViewer().scopes.includes("tools:write");
  const figures = useFigures("tool")(callerOf(tool));
  return (
    <Page
      title={tool.name}
      description={tool.description === "" ? "No word yet on when to call it." : tool.description}
      actions={may && <Actions tool={tool} />}
      narrow
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        {may && tool.kind === "webhook" && <TrialCard tool={tool} />}
        <LatestCalls figures={figures} of={callerOf(tool)} />
        <Definition tool={tool} />
      </div>
    </Page>
  );
}

function Actions({ tool }: { readonly tool: Tool }) {
  const trpc = useTRPC();
  const router = useRouter();
  const remove = useToolRemoval(tool.name, () => router.push("/tools"));
  const rotate = useMutation(trpc.tools.rotateSecret.mutationOptions({ onError: tellFailure }));
  return (
    <>
      <EditButton of={tool.name} wide form={(close) => <ToolForm tool={tool} onClose={close} />} />
      {tool.kind === "webhook" && (
        <NewSecret
          of={tool.name}
          description="The old one is void at once."
          secret={rotate.data?.secret}
          busy={rotate.isPending}
          onMake={() => rotate.mutate({ id: tool.id })}
        />
      )}
      <DeleteButton
        of={tool.name}
        description="Agents that use it must be changed first."
        busy={remove.isPending}
        onDelete={() => remove.mutateAsync({ id: tool.id })}
      />
    </>
  );
}

function TrialCard({ tool }: { readonly tool: Tool }) {
  const trpc = useTRPC();
  const run = useMutation(trpc.tools.run.mutationOptions());
  return (
    <Card title="Try it" description="Your server is really called, signed and bounded as in a session.">
      <Trial
        key={JSON.stringify(tool.sample)}
        sample={tool.sample}
        outcome={run.data}
        error={run.error}
        busy={run.isPending}
        onRun={(args) => run.mutate({ id: tool.id, arguments: args })}
      />
    </Card>
  );
}

function Definition({ tool }: { readonly tool: Tool }) {
  const { url, timeoutMs, idempotent, readOnly, headerNames = [] } = tool.config;
  return (
    <Card title="What it is">
      <p className="mb-4 flex flex-wrap items-center gap-2 text-sm">
        <Badge tone="accent">{tool.kind === "webhook" ? "a server of yours" : "the client answers"}</Badge>
        {!tool.enabled && <Badge tone="warn">off</Badge>}
        {timeoutMs !== undefined && <Badge>at most {timeoutMs} ms</Badge>}
        {idempotent === true && <Badge>tried again</Badge>}
        {readOnly === true && <Badge>only looks things up</Badge>}
        {headerNames.map((name) => (
          <Badge key={name}>{name}: sealed</Badge>
        ))}
      </p>
      {url !== undefined && <p className="mb-4 font-mono text-sm break-all text-ink-soft">{url}</p>}
      <Code label="Arguments, as a JSON Schema" code={JSON.stringify(tool.parameters, null, 2)} />
      {tool.kind === "client" && (
        <p className="mt-4 text-sm leading-6 text-ink-soft">
          The program that holds the session answers it: try it in the playground, where calls are answered by hand.
        </p>
      )}
    </Card>
  );
}
