import type { ReactNode } from "react";

export function DoorHeading({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <header className="mb-6">
      <h1 className="font-serif text-3xl leading-tight tracking-tight text-balance">{title}</h1>
      {children !== undefined && <div className="mt-2 text-sm leading-6 text-ink-soft">{children}</div>}
    </header>
  );
}

/** Said where a form was sent in vain, for no single field's sake. */
export function FormProblem({ children }: { readonly children: ReactNode }) {
  return (
    <p role="alert" className="rounded-xl bg-vermilion-soft px-3.5 py-2.5 text-sm leading-6 text-vermilion">
      {children}
    </p>
  );
}
