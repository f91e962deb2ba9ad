/**
 * A whole server in a process of its own, which records audio, for tests that end it in the middle of a call. Sent the id
 * of a session, it tells when that is in the database.
 */
import { readEnv } from "../../../lib/env";
import { createLogger } from "../../../lib/logger";
import { recordingDefaults } from "../../../lib/services/settings/fields";
import { getSession } from "../../../lib/services/sessions/get";
import { setRecording } from "../../../lib/services/settings/set-recording";
import { memberContext } from "../../../lib/services/users/member-context";
import { setUp } from "../../../lib/services/users/setup";
import { boot } from "../../boot";
import { scriptedProviders } from "../../stages/scripted-providers";
import { openStorage, type Storage } from "../storage";

export interface Recording {
  readonly base: string;
  readonly key: string;
  readonly userId: string;
}

let storage: Storage | undefined;
const server = await boot({
  env: readEnv({ ...process.env, PORT: "0", TLS: "off" }),
  log: createLogger({ level: "silent" }),
  providers: scriptedProviders(),
  openStorage: async (options) => (storage = await openStorage(options)),
});
if (!storage) throw new Error("There is no storage.");
const { services, setupToken: token = "" } = storage;
const input = { token, email: "o@example.com", password: "long enough", name: "O", organisation: "Acme" };
const { id: userId } = await setUp({ services, input });
const ctx = await memberContext(services, { userId, loginEpoch: 0 });
if (!ctx) throw new Error("The owner is no member.");
await setRecording({ ctx, input: { ...recordingDefaults, recordAudio: true } });
process.on("message", (id: string) => {
  const look = (): void =>
    void getSession({ ctx, input: { id } }).then(
      () => process.send?.("written"),
      () => setTimeout(look, 100),
    );
  look();
});
const [key = ""] = server.facts.keys.keys;
process.send?.({ base: `127.0.0.1:${server.facts.port}`, key, userId } satisfies Recording);
