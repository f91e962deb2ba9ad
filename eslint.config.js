import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Who may import from whom: everything not named in `except` is out of bounds for the room. Tests may look anywhere. */
const library = "./server/realtime";
const rooms = [
  { room: "audio", may: ["audio"] },
  { room: "protocol", may: ["protocol"] },
  { room: "engine", may: ["engine", "audio"] },
  { room: "observers", may: ["observers", "protocol", "tools/types.ts", "logger.ts"] },
  { room: "turns", may: ["turns", "engine", "audio"] },
  { room: "tools", may: ["tools"] },
  { room: "translation", may: ["translation", "turns", "engine", "audio"] },
  {
    room: "session",
    may: [
      "session",
      "protocol",
      "engine",
      "audio",
      "turns",
      "tools",
      "translation",
      "usage-gate.ts",
      "observers/types.ts",
    ],
  },
  {
    room: "relay",
    may: [
      "relay",
      "protocol",
      "engine",
      "audio",
      "session/types.ts",
      "session/initial-config.ts",
      "session/tool-rules.ts",
      "session/track-playback.ts",
      "session/usage.ts",
      "usage-gate.ts",
      "tools",
      "observers/types.ts",
    ],
  },
  { room: "transport", may: ["transport"] },
  { room: "door", may: ["door", "protocol", "engine", "session", "live", "options.ts", "usage-gate.ts"] },
];
const zones = [
  ...rooms.map(({ room, may }) => ({
    target: `${library}/${room}`,
    from: library,
    except: may.map((each) => `./${each}`),
    message: `server/realtime/${room} may use only: ${may.join(", ")}.`,
  })),
  {
    target: library,
    from: ["./app", "./lib", "./server/providers", "./server/cli", "./server/index.ts"],
    message: "The library knows nothing of the app around it, nor of any concrete provider.",
  },
  { target: "./lib", from: ["./app", "./server"], message: "lib knows neither the server nor the pages." },
  {
    target: "./lib/db",
    from: ["./lib"],
    except: ["./db", "./ids.ts", "./auth/roles.ts", "./env.ts"],
    message: "lib/db keeps rows; what they mean is the services' business.",
  },
  {
    target: ["./app/components", "./app/lib"],
    from: ["./lib/db", "./lib/services"],
    message: "Pages and components reach the services through tRPC or a route handler.",
  },
  {
    target: "./server/observers",
    from: ["./server"],
    except: ["./observers", "./realtime/observers", "./realtime/protocol", "./realtime/audio"],
    message: "The recorder knows what sessions tell, and the database; nothing of how sessions work.",
  },
  {
    target: "./server/providers",
    from: library,
    except: ["./engine", "./audio", "./tools"],
    message: "A provider knows the interfaces of engine and tools and the audio helpers, nothing else of the library.",
  },
  {
    target: "./app",
    from: ["./server"],
    except: ["./realtime/protocol", "./api/root.ts"],
    message: "Pages know the types of the protocol and of the procedures; everything else they reach over the network.",
  },
  {
    target: "./app",
    from: ["./lib/services", "./lib/db"],
    message: "Pages hold no business logic: they call procedures, and on the server ask lib/host.ts.",
  },
  {
    target: "./server/api",
    from: ["./server", "./lib/db"],
    except: ["./api", "./mail"],
    message: "A procedure checks who asks, calls a service and maps its failure: nothing else.",
  },
];

const frameworks = ["next", "next/*", "react", "express", "drizzle-orm", "postgres", "@trpc/*"];

export default tseslint.config(
  { ignores: ["node_modules", "**/.next", "dist", "next-env.d.ts", "**/*.mjs", "public"] },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.recommended],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver({ alwaysTryTypes: true })] },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
      "import-x/no-restricted-paths": ["error", { zones }],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 80, skipBlankLines: true, skipComments: true }],
      "max-params": ["error", { max: 3 }],
      eqeqeq: "error",
    },
  },
  {
    files: ["server/realtime/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: frameworks, message: "The library runs in any Node app: no framework, no database." }] },
      ],
    },
  },
  {
    files: [
      "**/*.test.{ts,tsx}",
      "**/*.test-d.ts",
      "e2e/**",
      "bench/**",
      "server/realtime/conformance/**",
      "server/realtime/testing/**",
      "examples/**",
    ],
    rules: {
      "max-lines-per-function": "off",
      "max-params": "off",
      "import-x/no-restricted-paths": "off",
      "no-restricted-imports": "off",
    },
  },
);
