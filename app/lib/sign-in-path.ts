/** Only a path of this very app: a link must not send anybody elsewhere after the login. */
export function safePath(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])/.test(path) && !/[\t\n\r]/.test(path) ? path : "/";
}
