/** What a page of ours may load and be embedded in; the microphone is for this origin alone. */
const development = process.env.NODE_ENV === "development";

const contentSecurityPolicy = [
  "default-src 'self'",
  // Next writes inline scripts into its pages; hot reload evaluates code; the audio worklet may come as a blob.
  `script-src 'self' 'unsafe-inline' blob:${development ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' data: blob:",
  "worker-src 'self' blob:",
  // Not every browser counts ws: and wss: to the page's own address as 'self'.
  "connect-src 'self' ws: wss:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const securityHeaders = [
  { key: "Content-Security-Policy", value: contentSecurityPolicy },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "microphone=(self), camera=(), geolocation=(), payment=(), usb=()" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
];

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  // The checks run on the whole project elsewhere; a start must not wait for them. Next writes into the tsconfig that
  // it is given, so it has one of its own.
  typescript: { ignoreBuildErrors: true, tsconfigPath: "tsconfig.next.json" },
  allowedDevOrigins: ["127.0.0.1", "[::1]"],
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
};

export default config;
