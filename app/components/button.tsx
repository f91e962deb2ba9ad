import type { ButtonHTMLAttributes } from "react";

type Look = "start" | "primary" | "tall" | "ghost";

const LOOKS: Readonly<Record<Look, string>> = {
  start: "rounded-full bg-accent-fill px-8 h-12 text-base text-accent-ink font-medium hover:bg-accent-fill-hover",
  primary: "rounded-full bg-accent-fill text-sm text-accent-ink font-medium hover:bg-accent-fill-hover",
  /** As high as the talk button, beside which it stands. */
  tall: "rounded-2xl border border-line bg-surface px-4 h-14 text-sm text-ink hover:border-line-strong",
  ghost: "rounded-lg text-sm text-ink-soft hover:bg-sunken hover:text-ink",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look: Look;
}

export function Button({ look, className = "", type = "button", ...props }: ButtonProps) {
  const base =
    "inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap select-none transition-colors disabled:opacity-45 disabled:pointer-events-none";
  return <button type={type} className={`${base} ${LOOKS[look]} ${className}`} {...props} />;
}

/** A square button that is only an icon; `label` is its name and its tooltip. */
export function IconButton({
  label,
  className = "",
  ...props
}: Omit<ButtonProps, "look"> & { readonly label: string }) {
  return <Button look="ghost" aria-label={label} title={label} className={`size-9 ${className}`} {...props} />;
}
