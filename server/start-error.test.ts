import { describe, expect, it } from "vitest";
import { listenError } from "./start-error";

describe("listenError", () => {
  it.each([
    ["EADDRINUSE", /^Port 80 on 127\.0\.0\.1 is in use: .* set PORT/],
    ["EACCES", /^This user may not listen on port 80: set PORT to 1024 or higher/],
    ["EADDRNOTAVAIL", /^HOST=127\.0\.0\.1 is no address of this machine: use/],
    ["ENOTFOUND", /^HOST=127\.0\.0\.1 is not known: use/],
    ["EAI_AGAIN", /^HOST=127\.0\.0\.1 is not known: use/],
    ["EMFILE", /^Cannot listen on 127\.0\.0\.1:80: went wrong/],
  ])("says in one line what to do about %s", (code, message) => {
    const cause = Object.assign(new Error("went wrong"), { code });
    const error = listenError(cause, { host: "127.0.0.1", port: 80 });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("\n");
    expect(error.cause).toBe(cause);
  });
});
