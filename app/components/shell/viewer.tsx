"use client";
import { createContext, type ReactNode, useContext } from "react";
import type { Member } from "@/lib/auth/viewer";

const Context = createContext<Member | undefined>(undefined);

export function ViewerProvider({ viewer, children }: { readonly viewer: Member; readonly children: ReactNode }) {
  return <Context value={viewer}>{children}</Context>;
}

/** Who looks at the page, and what they may do in the chosen organisation. */
export function useViewer(): Member {
  const viewer = useContext(Context);
  if (viewer === undefined) throw new Error("useViewer needs a ViewerProvider above it.");
  return viewer;
}
