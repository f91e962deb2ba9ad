"use client";
import { Square, Volume2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { previewVoice } from "../../lib/playground/preview-voice";
import { useMint } from "../../lib/playground/use-realtime";
import { Button } from "../ui/button";

interface VoicePreviewProps {
  /** Empty: nobody knows it before a session has begun. */
  readonly voice: string;
  readonly model: string | undefined;
}

/** Lets a voice say who it is, in a session of its own. */
export function VoicePreview({ voice, model }: VoicePreviewProps) {
  const mint = useMint();
  const [state, setState] = useState<"idle" | "playing" | "failed">("idle");
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const toggle = (): void => {
    if (state === "playing") return running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    setState("playing");
    previewVoice({ mint, voice, model }, stop.signal).then(
      () => setState("idle"),
      () => setState(stop.signal.aborted ? "idle" : "failed"),
    );
  };
  return (
    <div className="flex items-center gap-3">
      <Button size="sm" disabled={voice === ""} onClick={toggle}>
        {state === "playing" ? <Square aria-hidden="true" /> : <Volume2 aria-hidden="true" />}
        {state === "playing" ? "Stop" : voice === "" ? "Hear the voice" : `Hear ${voice}`}
      </Button>
      <span role="status" className="text-xs text-ink-faint">
        {state === "failed" && "It could not be heard. Try again."}
      </span>
    </div>
  );
}
