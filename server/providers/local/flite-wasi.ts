/** What WASI programs are answered with: the few error numbers of its first preview that are needed here. */
const OK = 0;
const EBADF = 8;
const ENOENT = 44;
const ENOSPC = 51;
const ENOSYS = 52;
const ESPIPE = 70;

const STDERR = 2;
/** Descriptors: 0–2 standard, then the one folder that the program sees, then the one file that it may write. */
const FOLDER = 3;
const FILE = 4;
const O_CREAT = 1;
const FILE_TYPES = [2, 2, 2, 3, 4] as const;
const LOG_CHARS = 2_000;

export interface WasiOptions {
  /** The program's arguments, its own name first. */
  readonly args: readonly string[];
  /** Bytes that the output file may hold; a write beyond that fails. */
  readonly maxFileBytes: number;
}

export interface WasiOutcome {
  readonly exitCode: number;
  /** The beginning of what it wrote to standard error. */
  readonly stderr: string;
  /** What it wrote to the file that it created, whatever it called it. */
  readonly file: Buffer;
}

/** How `proc_exit` leaves the program's stack. */
class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/**
 * Runs a WASI program once, start to end, with arguments in and one written file out: no input, no environment, no
 * access to anything else. Throws what the program's own faults throw (`RuntimeError`, `RangeError`).
 */
export function runWasi(module: WebAssembly.Module, options: WasiOptions): WasiOutcome {
  const system = new System(options);
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: importsOf(module, system) });
  const { memory, _start: start } = instance.exports;
  if (!(memory instanceof WebAssembly.Memory) || typeof start !== "function") {
    throw new Error("The WASI program exports no memory or no _start.");
  }
  system.memory = memory;
  let exitCode = 0;
  try {
    start();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    exitCode = error.code;
  }
  return { exitCode, stderr: system.stderr, file: Buffer.concat(system.written) };
}

type SystemCall = (...args: never[]) => number;
type WriteArgs = [fd: number, vectors: number, count: number, wrote: number];
type ReadArgs = [fd: number, vectors: number, count: number, read: number];
type OpenArgs = [
  ...place: [folder: number, lookup: number, path: number, pathLength: number],
  flags: number,
  ...rights: [own: bigint, inherited: bigint],
  fdFlags: number,
  result: number,
];

/** Each import that the program asks for; one that is not there answers "no such call". */
function importsOf(module: WebAssembly.Module, system: System): Record<string, SystemCall> {
  const calls = system.calls();
  const imports: Record<string, SystemCall> = {};
  for (const { name } of WebAssembly.Module.imports(module)) imports[name] = calls[name] ?? (() => ENOSYS);
  return imports;
}

class System {
  memory: WebAssembly.Memory | undefined;
  stderr = "";
  readonly written: Buffer[] = [];
  readonly #args: readonly Buffer[];
  #room: number;

  constructor({ args, maxFileBytes }: WasiOptions) {
    this.#args = args.map((arg) => Buffer.from(`${arg}\0`));
    this.#room = maxFileBytes;
  }

  /** Made anew for each use: the program's memory moves when it grows. */
  #view(): DataView {
    if (!this.memory) throw new Error("The WASI program called out before it started.");
    return new DataView(this.memory.buffer);
  }

  #bytes(at: number, length: number): Buffer {
    return Buffer.from(this.#view().buffer, at, length);
  }

  calls(): Record<string, SystemCall> {
    return {
      args_sizes_get: (count: number, bytes: number) => this.#argsSizes(count, bytes),
      args_get: (pointers: number, bytes: number) => this.#argsGet(pointers, bytes),
      // The program only seeds and reports with it; a fixed time makes each run the same.
      clock_time_get: (_clock: number, _precision: bigint, at: number) => this.#put64(at, 0n),
      fd_close: () => OK,
      fd_fdstat_get: (fd: number, at: number) => this.#fdstat(fd, at),
      fd_fdstat_set_flags: () => OK,
      fd_prestat_get: (fd: number, at: number) => this.#prestat(fd, at),
      fd_prestat_dir_name: (_fd: number, at: number) => this.#put8(at, "/".charCodeAt(0)),
      fd_read: (...[, , , read]: ReadArgs) => this.#put32(read, 0),
      fd_seek: () => ESPIPE,
      fd_write: (...args: WriteArgs) => this.#write(args),
      path_open: (...args: OpenArgs) => this.#open(args),
      proc_exit: (code: number) => {
        throw new Exit(code);
      },
    };
  }

  #put8(at: number, value: number): number {
    this.#view().setUint8(at, value);
    return OK;
  }

  #put32(at: number, value: number): number {
    this.#view().setUint32(at, value, true);
    return OK;
  }

  #put64(at: number, value: bigint): number {
    this.#view().setBigUint64(at, value, true);
    return OK;
  }

  #argsSizes(count: number, bytes: number): number {
    this.#put32(count, this.#args.length);
    return this.#put32(bytes, Buffer.concat(this.#args).length);
  }

  #argsGet(pointers: number, bytes: number): number {
    let at = bytes;
    for (const [index, arg] of this.#args.entries()) {
      this.#put32(pointers + 4 * index, at);
      at += arg.copy(this.#bytes(at, arg.length));
    }
    return OK;
  }

  #fdstat(fd: number, at: number): number {
    const type = FILE_TYPES[fd];
    if (type === undefined) return EBADF;
    this.#bytes(at, 24).fill(0);
    this.#put8(at, type);
    // All rights, its own and inherited ones: there is nothing here to protect.
    this.#put64(at + 8, 0xffff_ffff_ffff_ffffn);
    return this.#put64(at + 16, 0xffff_ffff_ffff_ffffn);
  }

  #prestat(fd: number, at: number): number {
    if (fd !== FOLDER) return EBADF;
    this.#put8(at, 0);
    return this.#put32(at + 4, 1);
  }

  #open([, , , , flags, , , , result]: OpenArgs): number {
    if ((flags & O_CREAT) === 0) return ENOENT;
    return this.#put32(result, FILE);
  }

  #write([fd, vectors, count, wrote]: WriteArgs): number {
    const view = this.#view();
    const parts: Buffer[] = [];
    for (let at = vectors; at < vectors + 8 * count; at += 8) {
      parts.push(this.#bytes(view.getUint32(at, true), view.getUint32(at + 4, true)));
    }
    const bytes = Buffer.concat(parts);
    if (fd === FILE) {
      this.#room -= bytes.length;
      if (this.#room < 0) return ENOSPC;
      this.written.push(bytes);
    } else if (fd === STDERR) {
      this.stderr = (this.stderr + bytes.toString()).slice(0, LOG_CHARS);
    }
    return this.#put32(wrote, bytes.length);
  }
}
