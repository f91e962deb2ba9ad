"use client";
import { useEffect, useState, useSyncExternalStore } from "react";
import { openMicrophone } from "./audio-capture";
import { AudioPlayback } from "./audio-playback";
import { Playground } from "./playground";
import { initialState, type PlaygroundState } from "./playground-state";
import { openRealtimeSocket } from "./realtime-connection";
import { mintSecret, tabKeyStore, takeKeyFromAddress } from "./secrets";

export interface Realtime {
  readonly state: PlaygroundState;
  readonly playground: Playground;
  /** Keeps an API key for this tab and connects with it. */
  readonly connectWithKey: (key: string) => void;
}

/** One playground for as long as the page lives. */
export function useRealtime(): Realtime {
  const [playground] = useState(createPlayground);
  const state = useSyncExternalStore(playground.store.subscribe, playground.store.get, () => initialState);
  useEffect(() => {
    takeKeyFromAddress(tabKeyStore);
    const hurry = (): void => playground.reconnectNow();
    addEventListener("online", hurry);
    return () => {
      removeEventListener("online", hurry);
      playground.dispose();
    };
  }, [playground]);
  const connectWithKey = (key: string): void => {
    tabKeyStore.set(key);
    playground.connect();
  };
  return { state, playground, connectWithKey };
}

function createPlayground(): Playground {
  return new Playground({
    mint: () => mintSecret(tabKeyStore),
    openSocket: openRealtimeSocket,
    openMicrophone,
    speaker: new AudioPlayback(),
  });
}
