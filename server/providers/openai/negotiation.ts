/** An endpoint's words for "I do not know this parameter" … */
const UNKNOWN =
  /unsupported|not support|unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed|extra (inputs|fields)|extra_forbidden|invalid (argument|param)/i;
/** … but a bad value is another matter, and the caller's to hear. */
const BAD_VALUE = /\b(unsupported|invalid) value\b/i;

/** Learns which optional parameters one endpoint refuses, and leaves them out from then on. */
export class Negotiation<Parameter extends string> {
  readonly #refused = new Set<Parameter>();

  refuses(parameter: Parameter): boolean {
    return this.#refused.has(parameter);
  }

  /** Notes what an endpoint was seen to ignore. */
  refuse(parameter: Parameter): void {
    this.#refused.add(parameter);
  }

  /**
   * Calls until no `optional` parameter is refused any more; `call` asks `refuses` what to leave out. What was learned
   * is kept only if that helped.
   */
  async attempt<T>(optional: readonly Parameter[], call: () => Promise<T>): Promise<T> {
    const learned: Parameter[] = [];
    for (;;) {
      try {
        return await call();
      } catch (error) {
        const open = optional.filter((parameter) => !this.#refused.has(parameter));
        const refused = open.find((parameter) => names(error, parameter));
        if (refused === undefined) {
          for (const parameter of learned) this.#refused.delete(parameter);
          throw error;
        }
        learned.push(refused);
        this.#refused.add(refused);
      }
    }
  }
}

function names(error: unknown, parameter: string): boolean {
  if (!(error instanceof Error) || !("status" in error) || (error.status !== 400 && error.status !== 422)) return false;
  if (!UNKNOWN.test(error.message) || BAD_VALUE.test(error.message)) return false;
  const param = "param" in error && typeof error.param === "string" ? error.param : "";
  return param === "" ? new RegExp(`\\b${parameter}`, "i").test(error.message) : param.split(/[.[]/)[0] === parameter;
}
