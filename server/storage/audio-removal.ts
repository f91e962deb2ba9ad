/** Files of recordings that are deleted. What a bucket does not let go of now is tried again: nobody's voice stays by accident. */
import type { AudioFile } from "../../lib/services/sessions/life";
import type { AudioStore } from "../observers/audio/store";

export class AudioRemoval {
  private waiting: AudioFile[] = [];

  constructor(private readonly audio: Pick<AudioStore, "remove">) {}

  add(files: readonly AudioFile[]): void {
    this.waiting.push(...files);
  }

  /** Tries all of them; rejects when some are still there, and keeps those for the next time. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const file of this.waiting.splice(0)) {
      try {
        await this.audio.remove(file);
      } catch (error) {
        failures.push(error);
        this.waiting.push(file);
      }
    }
    if (failures.length > 0)
      throw new Error(`Recorded files that could not be deleted: ${failures.length}.`, { cause: failures[0] });
  }
}
