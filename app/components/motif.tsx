import { cn } from "./ui/cn";

/** Half-heights of a phrase, and of its answer. */
const CALL = [2, 4, 8, 13, 9, 17, 24, 15, 21, 11, 17, 8, 12, 6, 3, 2];
const ANSWER = [2, 3, 7, 12, 8, 16, 11, 20, 14, 25, 18, 12, 16, 7, 4, 2];

function bars(heights: readonly number[], from: number): string {
  return heights.map((half, i) => `M${from + i * 8} ${28 - half}v${2 * half}`).join("");
}

/** A call and its answer, drawn. */
export function Motif({ className }: { readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 266 56"
      fill="none"
      strokeWidth={3}
      strokeLinecap="round"
      aria-hidden="true"
      className={cn("h-12", className)}
    >
      <path className="stroke-accent" d={bars(CALL, 2)} />
      <path className="stroke-vermilion" d={bars(ANSWER, 144)} />
    </svg>
  );
}
