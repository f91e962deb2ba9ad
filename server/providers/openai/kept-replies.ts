/** Replies whose sound an endpoint keeps for a while: they can be named in later requests in place of their words. */
import type { KeptSound } from "../../realtime/engine/types";

interface Name {
  readonly by: KeptReplies;
  readonly id: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

export class KeptReply {
  /** The endpoint has been heard to know it no more. */
  gone = false;

  constructor(readonly name: Name) {}
}

/** What is about to expire may have done so when the request arrives. */
const SPARE_MS = 30_000;

export class KeptReplies {
  /**
   * Makes a request in which replies are named; `idOf` says how. What the endpoint does not know any more, or has never
   * learnt to be told, is told in words at the next try.
   */
  async withThose<T>(request: (idOf: (sound: KeptSound) => string | undefined) => Promise<T>): Promise<T> {
    for (;;) {
      const named: KeptReply[] = [];
      const idOf = (sound: KeptSound): string | undefined => {
        if (!this.knows(sound)) return undefined;
        named.push(sound);
        return sound.name.id;
      };
      try {
        return await request(idOf);
      } catch (error) {
        const refused = refusedOf(error, named);
        if (refused.length === 0) throw error;
        for (const reply of refused) reply.gone = true;
      }
    }
  }

  private knows(sound: KeptSound): sound is KeptReply {
    if (!(sound instanceof KeptReply) || sound.name.by !== this || sound.gone) return false;
    return sound.name.expiresAt * 1000 > Date.now() + SPARE_MS;
  }
}

/** The one that the refusal names, and those that are no newer; all of them if it only speaks of audio. */
function refusedOf(error: unknown, named: readonly KeptReply[]): readonly KeptReply[] {
  if (!(error instanceof Error) || !("status" in error) || ![400, 404, 422].includes(Number(error.status))) return [];
  const param = "param" in error && typeof error.param === "string" ? error.param : "";
  const code = "code" in error ? error.code : undefined;
  const one = named.find(({ name }) => error.message.includes(name.id));
  if (one !== undefined) return named.filter(({ name }) => name.expiresAt <= one.name.expiresAt);
  const isMeant = code === "audio_not_found" || /\bmessages\b.*\baudio\b/.test(`${param} ${error.message}`);
  return isMeant ? named : [];
}
