/**
 * Memory that recordings gather their sound in, used again by the next one: a block made anew for each write keeps the
 * garbage collector and the kernel busy.
 */
export interface Block {
  readonly bytes: Buffer;
  /** The same memory. */
  readonly samples: Int16Array;
}

export const BLOCK_BYTES = 64 * 1024;
/** More than these are not kept: 16 MiB. */
const MOST_FREE = 256;

const free: Block[] = [];

/** What is in it is anything. */
export function takeBlock(): Block {
  return free.pop() ?? makeBlock();
}

/** Nobody may touch it any more. */
export function returnBlock(block: Block): void {
  if (free.length < MOST_FREE) free.push(block);
}

function makeBlock(): Block {
  const memory = new ArrayBuffer(BLOCK_BYTES);
  return { bytes: Buffer.from(memory), samples: new Int16Array(memory) };
}
