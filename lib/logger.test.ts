import { describe, expect, it } from "vitest";
import { createLogger, type LoggerOptions } from "./logger";

function lines(options: Partial<LoggerOptions>, talk: (logger: ReturnType<typeof createLogger>) => void): string[] {
  const written: string[] = [];
  talk(
    createLogger({ level: "info", output: { write: (text: string) => written.push(text) }, pretty: false, ...options }),
  );
  return written;
}

describe("createLogger", () => {
  it("writes one JSON object a line, with its level by name", () => {
    const [line, ...more] = lines({}, (log) => {
      log.info("Session began.", { session: "sess_1" });
      log.debug("Not at this level.");
    });
    expect(more).toEqual([]);
    expect(line).toMatch(/\n$/);
    expect(JSON.parse(line ?? "")).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      session: "sess_1",
      msg: "Session began.",
    });
  });

  it("takes whatever it is given for details", () => {
    const written = lines({}, (log) => {
      log.warn("One.", new Error("broken"));
      log.warn("Two.", "odd");
      log.warn("Three.", ["a"]);
      log.warn("Four %s.", { s: 1 });
    }).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(written).toMatchObject([
      { msg: "One.", error: { message: "broken" } },
      { msg: "Two.", details: "odd" },
      { msg: "Three.", details: ["a"] },
      { msg: "Four %s.", s: 1 },
    ]);
  });

  it("writes nothing when it is silent", () => {
    expect(lines({ level: "silent" }, (log) => log.error("Lost."))).toEqual([]);
  });

  it("hides secrets", () => {
    const text = lines({}, (log) => {
      log.warn("Refused.", {
        apiKey: "sk-1",
        headers: { authorization: "Bearer sk-2", "api-key": "sk-3" },
        key: "sk-4",
      });
    }).join("");
    expect(text).toContain("Refused.");
    expect(text).not.toContain("sk-");
  });

  it("writes short lines for people, with the stack of an error", () => {
    const [line] = lines({ pretty: true }, (log) => {
      log.error("A session failed.", { error: new Error("broken"), session: "sess_1" });
    });
    expect(line).toMatch(/^\d\d:\d\d:\d\d error A session failed\. session=sess_1\nError: broken\n {4}at /);
  });
});
