"use client";
import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import Link from "next/link";
import { useOrigin } from "../../lib/origin";
import { useTRPC } from "../../lib/trpc";
import { tellFailure, useDone } from "../../lib/use-done";
import { CopyButton } from "../copy-button";
import { useViewer } from "../shell/viewer";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Code } from "../ui/code";
import { Page } from "../ui/page-frame";
import { Secret } from "../ui/secret";
import { SnippetChooser } from "../ui/snippet-chooser";

const SESSION = {
  type: "realtime",
  instructions: "You are a helpful voice assistant. Keep your answers short.",
  output_modalities: ["audio"],
};

/** From a program to this server: its address, a key, and programs that run as they are. */
export function Connect() {
  const origin = useOrigin();
  const trpc = useTRPC();
  const done = useDone();
  const { scopes } = useViewer();
  const create = useMutation(
    trpc.keys.create.mutationOptions({ onSuccess: () => done([trpc.keys.pathKey()]), onError: tellFailure }),
  );
  const key = create.data?.key;
  return (
    <Page
      title="Connect"
      description="Every client of the official Realtime API works here: change its base URL and its key."
      narrow
    >
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <Card title="1. Base URL">
          <div className="flex items-center gap-2">
            <code className="min-w-0 flex-1 rounded-xl border border-line bg-sunken px-3.5 py-2 font-mono text-sm break-all">
              {origin}/v1
            </code>
            <CopyButton label="Copy the base URL" text={() => `${origin}/v1`} />
          </div>
          <p className="mt-3 text-sm leading-6 text-ink-soft">
            The official SDK dials <code className="font-mono text-[0.8125rem]">wss:</code> whatever its base URL says;
            this port answers TLS too. Node trusts it with the{" "}
            <code className="font-mono text-[0.8125rem]">NODE_EXTRA_CA_CERTS</code> that the start message shows.
          </p>
        </Card>
        <Card title="2. A key" description="It goes into the programs below.">
          {key !== undefined ? (
            <Secret label="The new key" value={key} />
          ) : scopes.includes("keys:write") ? (
            <Button
              look="primary"
              busy={create.isPending}
              onClick={() => create.mutate({ name: "First program", scopes: ["realtime:connect"] })}
            >
              <KeyRound aria-hidden="true" />
              Make a key
            </Button>
          ) : (
            <p className="text-sm leading-6 text-ink-soft">
              Your role does not make keys: ask a developer of your team.
            </p>
          )}
          <p className="mt-3 text-sm text-ink-soft">
            <Link href="/keys" className="rounded font-medium text-accent hover:underline">
              All keys
            </Link>
          </p>
        </Card>
        <Card title="3. From a terminal">
          <Code
            label="antiphon talk"
            code={`ANTIPHON_API_KEY=${key ?? "sk-ap-…"} npx antiphon talk "What is twelve times seven?" --url ${origin} --out reply.wav\n`}
          />
        </Card>
        <Card title="4. From a program">
          <SnippetChooser model={undefined} session={SESSION} {...(key === undefined ? {} : { apiKey: key })} />
        </Card>
      </div>
    </Page>
  );
}
