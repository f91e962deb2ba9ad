"use client";
import { TRPCClientError } from "@trpc/client";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { ErrorData } from "../errors";
import { useTRPCClient } from "../trpc";
import { openMicrophone } from "./audio-capture";
import { AudioPlayback } from "./audio-playback";
import { openCallWire } from "./call-wire";
import { Playground } from "./playground";
import { initialState, type PlaygroundState } from "./playground-state";
import { problem, ProblemError } from "./problems";
import type { ClientSecret } from "./secrets";
import { openWebSocketWire } from "./wire";

export interface Realtime {
  readonly state: PlaygroundState;
  readonly playground: Playground;
}

type Mint = () => Promise<ClientSecret>;

/** One playground for as long as the page lives. */
export function useRealtime(): Realtime {
  const mint = useMint();
  const [playground] = useState(() => createPlayground(mint));
  const state = useSyncExternalStore(playground.store.subscribe, playground.store.get, () => initialState);
  useEffect(() => {
    const hurry = (): void => playground.reconnectNow();
    addEventListener("online", hurry);
    return () => {
      removeEventListener("online", hurry);
      playground.dispose();
    };
  }, [playground]);
  return { state, playground };
}

function createPlayground(mint: Mint): Playground {
  return new Playground({
    mint,
    openWire: openWebSocketWire,
    callWire: openCallWire,
    openMicrophone,
    speaker: new AudioPlayback(),
  });
}

/** Asks the server for a client secret of the logged-in user. */
export function useMint(): Mint {
  const client = useTRPCClient();
  return () => client.playground.mint.mutate().catch((error: unknown) => Promise.reject(mintProblem(error)));
}

/** Refusals are problems that another try would not solve; everything else means that the server is away. */
function mintProblem(error: unknown): unknown {
  if (!(error instanceof TRPCClientError)) return error;
  const { code } = (error.data ?? {}) as ErrorData;
  if (code === "FORBIDDEN") return new ProblemError(problem("not-allowed"));
  if (code === undefined || code === "INTERNAL_SERVER_ERROR") return error;
  return new ProblemError(problem("refused", error.message));
}
