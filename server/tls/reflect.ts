/**
 * The certificate library finds its algorithms through a small injector that wants three functions of the Reflect
 * metadata proposal. Import this before it. A complete polyfill that is already there stays.
 */
const known = new WeakMap<object, Map<unknown, unknown>>();

const metadata = {
  defineMetadata(key: unknown, value: unknown, target: object): void {
    const own = known.get(target) ?? new Map<unknown, unknown>();
    known.set(target, own.set(key, value));
  },
  getOwnMetadata(key: unknown, target: object): unknown {
    return known.get(target)?.get(key);
  },
  getMetadata(key: unknown, target: object): unknown {
    for (let owner: object | null = target; owner !== null; owner = Reflect.getPrototypeOf(owner)) {
      const own = known.get(owner);
      if (own?.has(key)) return own.get(key);
    }
    return undefined;
  },
};

if (!("getMetadata" in Reflect)) Object.assign(Reflect, metadata);

export {};
