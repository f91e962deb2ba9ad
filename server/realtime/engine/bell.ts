/** Wakes the one who waits. A ring while nobody waits is kept for the next wait; several count as one. */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  async wait(): Promise<void> {
    if (!this.#rung) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#rung = false;
    this.#wake = undefined;
  }

  /** The same for at most so many milliseconds: false when it did not ring. */
  async waitFor(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = setTimeout(resolve, ms);
      });
    }
    clearTimeout(timer);
    const rung = this.#rung;
    this.#rung = false;
    this.#wake = undefined;
    return rung;
  }
}
