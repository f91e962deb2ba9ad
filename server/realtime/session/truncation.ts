/** What a model is not given of a conversation that does not fit. Pure: knows weights, not what was said. */

export interface Weighed {
  readonly id: string;
  readonly tokens: number;
  readonly kind: "user" | "call" | "output" | "other";
  /** Of calls and outputs: what belongs together. */
  readonly callId?: string;
}

export interface Room {
  /** More than so many tokens cannot be given at all. */
  readonly window: number;
  /** Above so many the oldest items are dropped … */
  readonly limit: number;
  /** … until at most so many are left. */
  readonly retain: number;
}

export interface Fit {
  /** Ids of what is left out. */
  readonly dropped: ReadonlySet<string>;
  /** Of what is given. */
  readonly tokens: number;
  readonly fits: boolean;
}

/** Items that only mean something together: a call with its outputs, or one item alone. In order of their oldest. */
interface Group {
  readonly items: readonly Weighed[];
  readonly tokens: number;
  /** The newest user turn, or the newest item at all: what the model is to answer. */
  readonly needed: boolean;
}

/**
 * Leaves out the oldest until the rest fits: never a call without its outputs nor the other way round, and never the
 * newest user turn or the newest item. `before` is what was left out last time: it stays out, so that what the model is
 * given keeps its beginning and can be cached.
 */
export function fitContext(items: readonly Weighed[], room: Room, before: ReadonlySet<string>): Fit {
  const groups = groupsOf(items);
  const dropped = new Set<string>();
  let tokens = groups.reduce((sum, group) => sum + group.tokens, 0);
  const drop = (group: Group): void => {
    for (const { id } of group.items) dropped.add(id);
    tokens -= group.tokens;
  };
  // A call that was left out comes back when its output has come.
  for (const group of groups) if (!group.needed && group.items.every(({ id }) => before.has(id))) drop(group);
  if (tokens > room.limit) {
    for (const group of groups) {
      if (tokens <= room.retain) break;
      if (!group.needed && !group.items.some(({ id }) => dropped.has(id))) drop(group);
    }
  }
  return { dropped, tokens, fits: tokens <= room.window };
}

function groupsOf(items: readonly Weighed[]): Group[] {
  const together = new Map<string, Weighed[]>();
  for (const item of items) {
    const key = item.callId === undefined ? `item ${item.id}` : `call ${item.callId}`;
    const members = together.get(key);
    if (members === undefined) together.set(key, [item]);
    else members.push(item);
  }
  const needed = new Set([items.at(-1), items.findLast(({ kind }) => kind === "user")]);
  return [...together.values()].map((members) => ({
    items: members,
    tokens: members.reduce((sum, { tokens }) => sum + tokens, 0),
    needed: members.some((member) => needed.has(member)),
  }));
}
