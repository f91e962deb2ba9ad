import { cva, type VariantProps } from "class-variance-authority";
import Link from "next/link";
import type { ButtonHTMLAttributes, ComponentProps } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";

const styles = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap font-medium select-none transition-colors disabled:pointer-events-none disabled:opacity-45 aria-disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      look: {
        primary: "rounded-full bg-accent-fill text-accent-ink hover:bg-accent-fill-hover",
        secondary: "rounded-full border border-line bg-surface text-ink hover:border-line-strong",
        ghost: "rounded-lg font-normal text-ink-soft hover:bg-sunken hover:text-ink",
        danger: "rounded-full bg-vermilion-fill text-vermilion-ink hover:opacity-90",
        "danger-quiet": "rounded-full border border-line bg-surface text-vermilion hover:border-vermilion",
      },
      size: {
        sm: "h-8 px-3 text-[0.8125rem]",
        md: "h-9 px-4 text-sm",
        lg: "h-12 px-8 text-base",
        icon: "size-9",
        "icon-sm": "size-8",
      },
    },
    defaultVariants: { look: "secondary", size: "md" },
  },
);

export type ButtonLook = VariantProps<typeof styles>;

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, ButtonLook {
  /** Work is under way: it cannot be pressed again, and says so. */
  readonly busy?: boolean;
}

export function Button({ look, size, busy = false, className, children, type = "button", ...props }: ButtonProps) {
  return (
    <button
      type={type}
      aria-busy={busy || undefined}
      className={cn(styles({ look, size }), className)}
      {...props}
      disabled={props.disabled === true || busy}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ look, size, className, ...props }: ComponentProps<typeof Link> & ButtonLook) {
  return <Link className={cn(styles({ look, size }), className)} {...props} />;
}

interface IconButtonProps extends Omit<ButtonProps, "size"> {
  /** Its name, and its tooltip. */
  readonly label: string;
  readonly size?: "icon" | "icon-sm";
}

/** A square button that is only an icon. */
export function IconButton({ label, look = "ghost", size = "icon", ...props }: IconButtonProps) {
  return <Button look={look} size={size} aria-label={label} title={label} {...props} />;
}
