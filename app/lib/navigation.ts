/** The places of the app, in the order of the side navigation. A place stands here once it exists. */
import {
  AudioLines,
  Bot,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  MessageSquareQuote,
  ScrollText,
  Users,
} from "lucide-react";

export interface Place {
  readonly href: string;
  readonly label: string;
  readonly icon: LucideIcon;
  /** More words by which the command palette finds it. */
  readonly also?: string;
}

export interface PlaceGroup {
  readonly label: string | undefined;
  readonly places: readonly Place[];
}

export const NAVIGATION: readonly PlaceGroup[] = [
  {
    label: undefined,
    places: [
      { href: "/", label: "Overview", icon: LayoutDashboard, also: "home dashboard start" },
      { href: "/playground", label: "Playground", icon: AudioLines, also: "talk speak microphone voice" },
      { href: "/sessions", label: "Sessions", icon: MessageSquareQuote, also: "history transcripts live calls" },
    ],
  },
  {
    label: "Build",
    places: [
      { href: "/agents", label: "Agents", icon: Bot, also: "instructions prompts versions" },
      { href: "/keys", label: "API keys", icon: KeyRound, also: "tokens secrets" },
    ],
  },
  {
    label: "Organisation",
    places: [
      { href: "/team", label: "Team", icon: Users, also: "members invites roles" },
      { href: "/audit", label: "Audit log", icon: ScrollText, also: "history changes" },
    ],
  },
];

/** Whether `path` lies within a place. */
export function isAt(path: string, href: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
