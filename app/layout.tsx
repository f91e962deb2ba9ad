import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { Toaster } from "./components/ui/toaster";
import { NONCE_HEADER } from "./lib/nonce";
import { Queries } from "./lib/trpc";
import "./globals.css";

export const metadata: Metadata = {
  title: "antiphon: talk to your server",
  description: "Your own Realtime API server: agents, keys, conversations and what they cost.",
  robots: { index: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  interactiveWidget: "resizes-content",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f9f7f2" },
    { media: "(prefers-color-scheme: dark)", color: "#12141a" },
  ],
};

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const nonce = (await headers()).get(NONCE_HEADER) ?? undefined;
  return (
    // The theme is set by theme.js before React takes over.
    <html lang="en" suppressHydrationWarning>
      <head>
        <script src="/theme.js" nonce={nonce} suppressHydrationWarning />
      </head>
      <body>
        <NuqsAdapter>
          <Queries>{children}</Queries>
        </NuqsAdapter>
        <Toaster />
      </body>
    </html>
  );
}
