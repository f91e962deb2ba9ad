import type { ReactNode, SVGProps } from "react";

type IconProps = SVGProps<SVGSVGElement>;

/** Icons only decorate: the button or the text beside them carries the name. */
function Icon({ children, className = "", ...props }: IconProps & { readonly children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={`shrink-0 ${className.includes("size-") ? "" : "size-4"} ${className}`}
      {...props}
    >
      {children}
    </svg>
  );
}

/** Two choirs, one answering the other. */
export function Logo(props: IconProps) {
  return (
    <svg viewBox="0 0 26 20" fill="none" strokeWidth={2.4} strokeLinecap="round" aria-hidden="true" {...props}>
      <path className="stroke-accent" d="M3 7.5v5M7 4v12M11 6.5v7" />
      <path className="stroke-vermilion" d="M15 7.5v5M19 3v14M23 7v6" />
    </svg>
  );
}

export const MicrophoneIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="7.25" y="2.5" width="5.5" height="9.5" rx="2.75" />
    <path d="M4.5 9.5a5.5 5.5 0 0 0 11 0M10 15v2.5" />
  </Icon>
);

export const MutedIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M12.75 9V5.25a2.75 2.75 0 0 0-5.4-.75M7.25 8v1.25A2.75 2.75 0 0 0 11 11.8M4.5 9.5a5.5 5.5 0 0 0 8.6 4.5M15.5 9.5a5.4 5.4 0 0 1-.4 2M10 15v2.5M3.5 3l13 14" />
  </Icon>
);

export const StopIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="5.5" y="5.5" width="9" height="9" rx="1.5" fill="currentColor" stroke="none" />
  </Icon>
);

export const SendIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M10 16V4.5M5 9.25 10 4.5l5 4.75" />
  </Icon>
);

export const SunIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="10" cy="10" r="3.25" />
    <path d="M10 2.5v1.25M10 16.25v1.25M2.5 10h1.25M16.25 10h1.25M4.7 4.7l.9.9M14.4 14.4l.9.9M4.7 15.3l.9-.9M14.4 5.6l.9-.9" />
  </Icon>
);

export const MoonIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M16.5 11.6A6.75 6.75 0 0 1 8.4 3.5a6.75 6.75 0 1 0 8.1 8.1Z" />
  </Icon>
);

export const CopyIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="7" y="7" width="9.5" height="9.5" rx="2" />
    <path d="M13 7V5.5a2 2 0 0 0-2-2H5.5a2 2 0 0 0-2 2V11a2 2 0 0 0 2 2H7" />
  </Icon>
);

export const CheckIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m4 10.5 4 4 8-9" />
  </Icon>
);

export const TrashIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3.5 5.5h13M8 5.5V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.5M5 5.5l.7 10a1.5 1.5 0 0 0 1.5 1.4h5.6a1.5 1.5 0 0 0 1.5-1.4l.7-10" />
  </Icon>
);

export const CloseIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);

export const ChevronIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m6 8 4 4 4-4" />
  </Icon>
);

export const SearchIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="9" cy="9" r="5.25" />
    <path d="m13 13 3.5 3.5" />
  </Icon>
);

export const SentIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M6 14 14 6M7.5 6H14v6.5" />
  </Icon>
);

export const ReceivedIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M14 6 6 14M12.5 14H6V7.5" />
  </Icon>
);

export const ToolIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M12.2 3.2a4.25 4.25 0 0 0-5 5.6l-4 4a1.9 1.9 0 1 0 2.7 2.7l4-4a4.25 4.25 0 0 0 5.7-5l-2.6 2.5-2.3-.6-.6-2.3 2.1-2.9Z" />
  </Icon>
);

export const SpeakerIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M4 8v4h2.75L10.5 15V5L6.75 8H4ZM13.25 7.75a3.2 3.2 0 0 1 0 4.5M15.5 5.5a6.4 6.4 0 0 1 0 9" />
  </Icon>
);
