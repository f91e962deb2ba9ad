/** As much of a browser as a login needs: it keeps cookies, and shows where it was sent. */
import { AUTH_PATH, type AuthHandler } from "../handler";

export class TestBrowser {
  private readonly jar = new Map<string, string>();

  constructor(
    private readonly handler: AuthHandler,
    readonly origin = "http://localhost:3000",
  ) {}

  get cookie(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const request = new Request(new URL(path, this.origin), { ...init, headers: { cookie: this.cookie } });
    const response = await this.handler(request, { address: "192.0.2.1" });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const gone = value === "" || /Expires=Thu, 01 Jan 1970|Max-Age=0/i.test(line);
      if (gone) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return response;
  }

  /** As the button on the sign-in page does it. Returns where the provider is. */
  async begin(provider: string, callbackUrl = "/"): Promise<URL> {
    const { csrfToken } = (await (await this.ask("/api/auth/csrf")).json()) as { csrfToken: string };
    const body = new URLSearchParams({ csrfToken, callbackUrl: new URL(callbackUrl, this.origin).href, json: "true" });
    const answer = await this.ask(`/api/auth/signin/${provider}`, { method: "POST", body });
    return new URL(((await answer.json()) as { url: string }).url);
  }

  /** Comes back from the provider. Returns the page that it ends at. */
  async comeBack(url: URL): Promise<string> {
    let path = url.pathname + url.search;
    while (path.startsWith(AUTH_PATH)) {
      const answer = await this.ask(path);
      path = (answer.headers.get("location") ?? "").replace(this.origin, "");
    }
    return path;
  }

  forget(name: RegExp): void {
    for (const each of this.jar.keys()) if (name.test(each)) this.jar.delete(each);
  }
}
