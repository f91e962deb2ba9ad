"use client";
import { useEffect, useRef } from "react";

interface LevelMeterProps {
  /** RMS, 0 to 1; read once a frame. */
  readonly read: () => number;
  readonly className?: string;
}

/** How far each bar follows the level: the middle ones most, as speech looks. */
const REACH = [0.4, 0.7, 1, 0.85, 0.55];

/** Loudness in decibels, from a quiet room to a voice close by, as 0 to 1. */
function loudness(rms: number): number {
  return Math.min(1, Math.max(0, (20 * Math.log10(Math.max(rms, 1e-6)) + 52) / 44));
}

/** Small bars that move with the microphone. They bypass React: sixty renders a second would be a waste. */
export function LevelMeter({ read, className = "" }: LevelMeterProps) {
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    let frame = 0;
    let shown = 0;
    const draw = (): void => {
      const level = loudness(read());
      shown = Math.max(level, shown * 0.86);
      REACH.forEach((reach, i) => {
        const bar = ref.current?.children[i];
        if (bar instanceof HTMLElement) bar.style.scale = `1 ${0.18 + 0.82 * shown * reach}`;
      });
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [read]);
  return (
    <span ref={ref} aria-hidden="true" className={`inline-flex h-5 items-center gap-[3px] ${className}`}>
      {REACH.map((_, i) => (
        <span key={i} className="h-full w-[3px] scale-y-[0.18] rounded-full bg-current" />
      ))}
    </span>
  );
}
