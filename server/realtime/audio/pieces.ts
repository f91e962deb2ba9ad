import { bytesOf, type WireFormat } from "./formats";

/** The first piece of audio is small, so that it is heard at once; then fewer, larger ones cost less. */
const PIECES_MS = [40, 100, 200] as const;

/** Cuts a stream of bytes into pieces that grow to the last size of the list. */
export class Pieces {
  private held: Buffer[] = [];
  private heldBytes = 0;
  private sent = 0;

  constructor(private readonly format: WireFormat) {}

  push(bytes: Buffer): Buffer[] {
    this.held.push(bytes);
    this.heldBytes += bytes.length;
    if (this.heldBytes < this.wanted) return [];
    let rest = Buffer.concat(this.held);
    const ready: Buffer[] = [];
    while (rest.length >= this.wanted) {
      const size = this.wanted;
      ready.push(rest.subarray(0, size));
      rest = rest.subarray(size);
      this.sent += 1;
    }
    this.held = [rest];
    this.heldBytes = rest.length;
    return ready;
  }

  flush(): Buffer[] {
    const rest = Buffer.concat(this.held);
    this.held = [];
    this.heldBytes = 0;
    return rest.length === 0 ? [] : [rest];
  }

  private get wanted(): number {
    return bytesOf(this.format, PIECES_MS[Math.min(this.sent, PIECES_MS.length - 1)] ?? 200);
  }
}
