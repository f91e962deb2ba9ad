/** NextAuth 4 is CommonJS: whether its default export is the function or holds it depends on who loads it. */
export function interop<T>(module: T): T {
  const inner = module as T & { readonly default?: T };
  return typeof module === "object" && module !== null && inner.default !== undefined ? inner.default : module;
}
