/** What the hot path needs of each organisation, read in the background and kept for a while. */
export class OrgCache<T> {
  private readonly entries = new Map<string, { readonly value: T; readonly until: number }>();
  private readonly loading = new Map<string, Promise<T>>();

  constructor(
    private readonly load: (org: string) => Promise<T>,
    private readonly keepMs = 30_000,
  ) {}

  /** What is known, be it old. Undefined: nothing yet. Asks for it, for the next time. */
  peek(org: string): T | undefined {
    const entry = this.entries.get(org);
    if (entry === undefined || entry.until < Date.now()) void this.get(org).catch(() => undefined);
    return entry?.value;
  }

  /** Rejects when it can neither be read nor is known from before. */
  async get(org: string): Promise<T> {
    const entry = this.entries.get(org);
    if (entry && entry.until >= Date.now()) return entry.value;
    const loading = this.loading.get(org) ?? this.refresh(org);
    try {
      return await loading;
    } catch (error) {
      if (entry) return entry.value;
      throw error;
    }
  }

  /** What is known, and what is on its way, may be wrong by now. */
  forget(org: string): void {
    this.loading.delete(org);
    const entry = this.entries.get(org);
    if (entry) this.entries.set(org, { ...entry, until: 0 });
  }

  private refresh(org: string): Promise<T> {
    const loading = this.load(org)
      .then((value) => {
        if (this.loading.get(org) === loading) this.entries.set(org, { value, until: Date.now() + this.keepMs });
        return value;
      })
      .finally(() => {
        if (this.loading.get(org) === loading) this.loading.delete(org);
      });
    this.loading.set(org, loading);
    return loading;
  }
}
