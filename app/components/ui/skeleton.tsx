import { cn } from "./cn";

/** Stands in the place and size of what is on its way. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden="true" className={cn("block animate-pulse rounded-lg bg-sunken", className)} />;
}

/** Rows of a table that is on its way. */
export function SkeletonRows({ rows = 5, label = "Loading" }: { readonly rows?: number; readonly label?: string }) {
  return (
    <div role="status" className="grid gap-3 p-5">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className="flex items-center gap-4">
          <Skeleton className="h-4 w-1/4" />
          <Skeleton className="h-4 flex-1" />
          <Skeleton className="h-4 w-20" />
        </span>
      ))}
    </div>
  );
}
