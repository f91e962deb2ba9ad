import type { ReactNode } from "react";
import { messageOf } from "../../lib/errors";
import { Failed } from "./empty";
import { SkeletonRows } from "./skeleton";

interface LoadedProps<T> {
  readonly query: {
    readonly data: T | undefined;
    readonly error: unknown;
    readonly isPending: boolean;
    readonly refetch: () => Promise<unknown>;
  };
  /** Stands in its place meanwhile. Default: rows of a table. */
  readonly skeleton?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** What was asked for, or what stands in its place while it comes, or when it does not. */
export function Loaded<T>({ query, skeleton, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return skeleton ?? <SkeletonRows />;
  return <Failed message={messageOf(query.error)} onRetry={() => void query.refetch()} />;
}
