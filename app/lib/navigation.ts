/** The places of the app, in the order of the side navigation. A place stands here once it exists. */
import {
  AudioLines,
  Bot,
  Gauge,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  MessageSquareQuote,
  Plug,
  ScrollText,
  Settings,
  Users,
  Webhook,
  Wrench,
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
      { href: "/tools", label: "Tools", icon: Wrench, also: "functions schema mcp servers approvals try" },
      { href: "/connect", label: "Connect", icon: Plug, also: "snippets sdk curl base url" },
      { href: "/keys", label: "API keys", icon: KeyRound, also: "tokens secrets" },
      { href: "/webhooks", label: "Webhooks", icon: Webhook, also: "events deliveries" },
    ],
  },
  {
    label: "Organisation",
    places: [
      { href: "/usage", label: "Limits and usage", icon: Gauge, also: "cost budget rate quota" },
      { href: "/team", label: "Team", icon: Users, also: "members invites roles" },
      { href: "/audit", label: "Audit log", icon: ScrollText, also: "history changes" },
      { href: "/settings", label: "Settings", icon: Settings, also: "recording retention prices providers" },
    ],
  },
];

/** Whether `path` lies within a place. */
export function isAt(path: string, href: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
