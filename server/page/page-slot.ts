/** The place of the page, which can start only once the port is known: until then there is word that it comes. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Address } from "../start-error";
import type { Page } from "./next-page";
import { sendPlaceholder } from "./placeholder";

export type StartPage = (address: Address) => Page;

export class PageSlot {
  private page: Page | undefined;

  constructor(private readonly startPage: StartPage) {}

  start(address: Address): void {
    this.page = this.startPage(address);
  }

  handle(req: IncomingMessage, res: ServerResponse): void {
    if (this.page) this.page.handle(req, res);
    else sendPlaceholder(req, res, "building");
  }

  /** False: not the page's. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    return this.page?.upgrade(req, socket, head) ?? false;
  }

  async close(): Promise<void> {
    await this.page?.close();
  }
}
