import type { ButtonHTMLAttributes } from "react";

type Look = "primary" | "secondary" | "ghost" | "link";

const LOOKS: Readonly<Record<Look, string>> = {
  primary:
    "rounded-full bg-accent-fill px-5 h-11 text-accent-ink font-medium hover:bg-accent-fill-hover active:translate-y-px",
  secondary: "rounded-full border border-line bg-surface px-4 h-11 text-ink hover:border-line-strong",
  ghost: "rounded-lg h-9 px-2.5 text-ink-soft hover:bg-sunken hover:text-ink",
  link: "rounded text-accent font-medium underline-offset-4 hover:underline",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: Look;
}

export function Button({ look = "secondary", className = "", type = "button", ...props }: ButtonProps) {
  const base =
    "inline-flex shrink-0 items-center justify-center gap-2 text-sm whitespace-nowrap select-none transition-colors disabled:opacity-45 disabled:pointer-events-none";
  return <button type={type} className={`${base} ${LOOKS[look]} ${className}`} {...props} />;
}

/** A square button that is only an icon; `label` is its name and its tooltip. */
export function IconButton({ label, className = "", ...props }: ButtonProps & { readonly label: string }) {
  return <Button look="ghost" aria-label={label} title={label} className={`size-9 px-0 ${className}`} {...props} />;
}
