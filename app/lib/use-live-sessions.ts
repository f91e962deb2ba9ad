"use client";
import { useSubscription } from "@trpc/tanstack-react-query";
import { type Answers, useTRPC } from "./trpc";

export type LiveSession = Answers["sessions"]["list"]["items"][number];

/** The running sessions as they come and go. Undefined until the server has told once. */
export function useLiveSessions(): { readonly sessions: readonly LiveSession[] | undefined } {
  const trpc = useTRPC();
  const { data } = useSubscription(trpc.sessions.live.subscriptionOptions());
  return { sessions: data };
}
