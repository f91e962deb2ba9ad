/** Beside the content security policy, which the server writes anew for each page. The microphone is for this origin alone. */
const securityHeaders = [
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
