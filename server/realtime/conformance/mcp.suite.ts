import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mcpConnector } from "../../providers/mcp";
import { startMcpServer, type TestMcpServer } from "../../providers/mcp/test-server";
import { inTurn, type LlmStep } from "../testing";
import { mcpFunctionName, type McpOptions } from "../tools/mcp";
import { Talk, type Rig, type Setup } from "./rig";
import { said, TEXT, until, update } from "./talk-tools";

const fn = (tool: string, label = "town") => mcpFunctionName(label, tool);
const call = (tool: string, args: unknown = {}): LlmStep => ({ toolCall: { name: fn(tool), arguments: args } });
const options: McpOptions = { connect: mcpConnector() };

export function mcpSuite(rig: Rig): void {
  describe("MCP", () => {
    let town: TestMcpServer;
    beforeAll(async () => {
      town = await startMcpServer({ key: "token-of-the-town" });
    });
    afterAll(() => town.close());

    const server = (more: Record<string, unknown> = {}) => ({
      type: "mcp",
      server_label: "town",
      server_url: town.url,
      authorization: "token-of-the-town",
      require_approval: "never",
      ...more,
    });

    async function open(setup: Setup, more: Record<string, unknown> = {}): Promise<Talk> {
      const talk = await Talk.open(rig, { mcp: options, ...setup });
      await talk.update({ ...TEXT, tools: [server(more)] });
      await talk.next("mcp_list_tools.completed");
      return talk;
    }

    /** The nth call that is over, with what came of it. */
    const callItem = async (talk: Talk, nth = 0) => {
      const over = () =>
        talk.all("conversation.item.done").flatMap(({ item }) => (item.type === "mcp_call" ? [item] : []));
      await until(() => over().length > nth);
      return over()[nth]!;
    };

    it("lists a server's tools once, and offers them", async () => {
      const talk = await open({});
      const listing = talk.typesFrom("session.updated").slice(1, 6);
      expect(listing).toEqual([
        "conversation.item.added",
        "mcp_list_tools.in_progress",
        "conversation.item.done",
        "mcp_list_tools.completed",
      ]);
      const done = talk.all("conversation.item.done").map(({ item }) => item);
      expect(done[0]).toMatchObject({
        type: "mcp_list_tools",
        server_label: "town",
        status: "completed",
        tools: [
          { name: "weather", description: "The weather of a city.", annotations: { readOnlyHint: true } },
          {},
          {},
          {},
          {},
        ],
      });
      await talk.update({ instructions: "Again.", tools: [server()] });
      talk.say("Hi");
      await talk.respond();
      expect(talk.all("mcp_list_tools.in_progress")).toHaveLength(1);
      const names = talk.parts.llm.calls[0]?.request.tools.map(({ name }) => name);
      expect(names).toEqual(["weather", "slow", "broken", "order", "huge"].map((name) => fn(name)));
    });

    it("never tells a secret", async () => {
      const talk = await open({}, { headers: { "x-tenant": "secret-of-the-tenant" } });
      const told = JSON.stringify(talk.link.events);
      expect(told).not.toContain("token-of-the-town");
      expect(told).not.toContain("secret-of-the-tenant");
      expect(town.requests.at(-1)).toMatchObject({
        authorization: "Bearer token-of-the-town",
        "x-tenant": "secret-of-the-tenant",
      });
    });

    it("a call is carried out, told, and gone on with by the client", async () => {
      const talk = await open({ llm: { reply: inTurn([call("weather", { city: "Oslo" })], "Sunny.") } });
      talk.say("Weather?");
      const response = await talk.respond();
      expect(response.output).toMatchObject([
        { type: "mcp_call", server_label: "town", name: "weather", arguments: '{"city":"Oslo"}' },
      ]);
      expect((await callItem(talk)).output).toBe("Sunny in Oslo.");
      const types = talk.types();
      const order = [
        "response.mcp_call_arguments.delta",
        "response.mcp_call_arguments.done",
        "response.mcp_call.in_progress",
        "response.mcp_call.completed",
      ].map((type) => types.indexOf(type));
      expect(order).toEqual([...order].sort((a, b) => a - b));
      const deltas = talk.all("response.mcp_call_arguments.delta");
      expect(deltas.map(({ delta }) => delta).join("")).toBe('{"city":"Oslo"}');
      expect(deltas.every(({ obfuscation }) => typeof obfuscation === "string")).toBe(true);
      expect(talk.all("response.created")).toHaveLength(1);
      await talk.respond();
      const items = talk.parts.llm.calls[1]?.request.items;
      expect(items?.slice(-2)).toMatchObject([
        { type: "tool-call", name: fn("weather") },
        { type: "tool-result", output: "Sunny in Oslo." },
      ]);
    });

    it("goOn lets the model go on by itself", async () => {
      const talk = await open({
        mcp: { ...options, goOn: true },
        llm: { reply: inTurn([call("weather", { city: "Oslo" })], "Sunny.") },
      });
      talk.say("Weather?");
      talk.send({ type: "response.create" });
      expect(await said(talk)).toBe("Sunny.");
    });

    it.each([
      ["approved", true, undefined, "A taxi to the station is on its way."],
      ["refused", false, "too dear", null],
    ])("a call that must be approved is %s", async (_name, approve, reason, output) => {
      const talk = await open(
        { llm: { reply: [call("order", { to: "the station" })] } },
        { require_approval: { never: { read_only: true } } },
      );
      const before = town.called.length;
      talk.say("A taxi, please");
      const response = await talk.respond();
      expect(response.output.map(({ type }) => type)).toEqual(["mcp_call", "mcp_approval_request"]);
      const request = response.output[1];
      expect(request).toMatchObject({ name: "order", server_label: "town", arguments: '{"to":"the station"}' });
      expect(town.called).toHaveLength(before);
      const answer = { type: "mcp_approval_response", approval_request_id: request?.id, approve, reason };
      talk.send({ type: "conversation.item.create", previous_item_id: request?.id, item: answer });
      const item = await callItem(talk);
      expect(item).toMatchObject({ id: response.output[0]?.id, approval_request_id: request?.id, output });
      expect(item.error?.message ?? "").toBe(approve ? "" : "The call was not approved: too dear");
      expect(town.called).toHaveLength(before + (approve ? 1 : 0));
      const again = await talk.refused({ type: "conversation.item.create", item: answer });
      expect(again).toMatchObject({ code: "invalid_value", param: "item.approval_request_id" });
    });

    const failures: [string, LlmStep, object][] = [
      ["fails", call("broken"), { type: "tool_execution_error", message: "The pump is jammed." }],
      ["says ten megabytes", call("huge"), { type: "tool_execution_error" }],
      ["is called wrongly", call("weather", { town: "Oslo" }), { type: "tool_execution_error" }],
      ["is called with no JSON", call("weather", "{city"), { type: "tool_execution_error" }],
    ];
    it.each(failures)("a tool that %s is told as a typed error", async (_name, step, error) => {
      const talk = await open({ llm: { reply: [step] } });
      talk.say("Go");
      await talk.respond();
      expect(await callItem(talk)).toMatchObject({ output: null, error });
      expect(talk.all("response.mcp_call.failed")).toHaveLength(1);
    });

    it("a server that hangs does not hold up the voice", async () => {
      const talk = await open({
        mcp: { ...options, callTimeoutMs: 50 },
        llm: { reply: inTurn([call("slow")], "Meanwhile.", "It did not answer.") },
      });
      talk.say("Go");
      await talk.respond();
      talk.say("And?");
      await talk.respond();
      expect((await callItem(talk)).error).toMatchObject({
        type: "http_error",
        message: expect.stringContaining("50 ms"),
      });
      town.release();
    });

    it("a server that was cut off is reached anew", async () => {
      const talk = await open({
        mcp: { ...options, callTimeoutMs: 1_000 },
        llm: { reply: inTurn([call("slow")], [call("weather", { city: "Oslo" })]) },
      });
      talk.say("Go");
      const count = town.called.length;
      await talk.respond();
      await until(() => town.called.length > count);
      town.cut();
      town.release();
      expect((await callItem(talk)).error).not.toBeNull();
      await talk.respond();
      expect((await callItem(talk, 1)).output).toBe("Sunny in Oslo.");
    });

    it("a server that cannot be listed is told of, and the conversation goes on", async () => {
      const talk = await Talk.open(rig, { mcp: options, llm: { reply: "Without it." } });
      await talk.update({ ...TEXT, tools: [server({ authorization: "wrong" })] });
      await talk.next("mcp_list_tools.failed");
      expect((await talk.next("error")).error).toMatchObject({
        code: "mcp_list_tools_failed",
        message: expect.stringContaining("refused the key"),
      });
      talk.say("Hi");
      await talk.respond();
      expect(talk.parts.llm.calls[0]?.request.tools).toEqual([]);
      await talk.update({ tools: [server()] });
      await talk.next("mcp_list_tools.completed");
    });

    it("allowed_tools and tool_choice narrow what the model may call", async () => {
      const talk = await open({}, { allowed_tools: { read_only: true } });
      talk.say("Hi");
      await talk.respond();
      await talk.update({ tools: [server({ allowed_tools: ["order", "slow"] })] });
      await talk.respond({ tool_choice: { type: "mcp", server_label: "town", name: "order" } });
      await talk.respond({ tool_choice: { type: "mcp", server_label: "town" } });
      const asked = talk.parts.llm.calls.map(({ request }) => [
        request.tools.map(({ name }) => name),
        request.toolChoice,
      ]);
      expect(asked).toEqual([
        [[fn("weather")], "auto"],
        [[fn("slow"), fn("order")], { name: fn("order") }],
        [[fn("slow"), fn("order")], "required"],
      ]);
      const refused = await talk.refused({
        type: "response.create",
        response: { tool_choice: { type: "mcp", server_label: "town", name: "weather" } },
      });
      expect(refused.param).toBe("session.tool_choice.name".replace("session", "response"));
    });

    it("a server of one response alone is waited for", async () => {
      const talk = await Talk.open(rig, { mcp: options });
      talk.say("Hi");
      await talk.respond({ ...TEXT, tools: [server()] });
      expect(talk.parts.llm.calls[0]?.request.tools).toHaveLength(5);
    });

    it("speaks to servers of the older kind", async () => {
      const old = await startMcpServer({ transport: "sse" });
      const talk = await Talk.open(rig, { mcp: options, llm: { reply: [call("weather", { city: "Rome" })] } });
      await talk.update({ ...TEXT, tools: [server({ server_url: old.url })] });
      await talk.next("mcp_list_tools.completed");
      talk.say("Hi");
      await talk.respond();
      expect((await callItem(talk)).output).toBe("Sunny in Rome.");
      talk.link.close();
      await old.close();
    });

    it("servers registered on the server are named by their label alone", async () => {
      const lookup = async (label: string) =>
        label === "town" ? { url: town.url, authorization: "token-of-the-town", headers: {} } : undefined;
      const talk = await Talk.open(rig, { mcp: { ...options, lookup } });
      const byLabel = (label: string) => ({ type: "mcp", server_label: label });
      await talk.update({ tools: [byLabel("town"), byLabel("village")] });
      await talk.next("mcp_list_tools.failed");
      await until(() => talk.all("mcp_list_tools.completed").length === 1);
      expect(talk.all("error")[0]?.error.message).toContain("No MCP server 'village' is registered.");
    });

    it("gives sessions no more of a registered server than its host allows, and asks as the host says", async () => {
      const allowed = {
        allowedTools: ["weather", "order"],
        requireApproval: { never: { tool_names: ["weather"] } },
      } as const;
      const lookup = async () => ({ url: town.url, authorization: "token-of-the-town", headers: {}, ...allowed });
      const reply = inTurn([call("weather", { city: "Oslo" })], [call("order", { to: "the station" })]);
      const talk = await Talk.open(rig, { mcp: { ...options, lookup }, llm: { reply } });
      const all = ["weather", "slow", "order"];
      await talk.update({ ...TEXT, tools: [{ type: "mcp", server_label: "town", allowed_tools: all }] });
      await talk.next("mcp_list_tools.completed");
      const listed = talk.all("conversation.item.done").map(({ item }) => item);
      expect(listed).toMatchObject([{ type: "mcp_list_tools", tools: [{ name: "weather" }, { name: "order" }] }]);
      talk.say("Weather?");
      expect((await talk.respond()).output.map(({ type }) => type)).toEqual(["mcp_call"]);
      await callItem(talk);
      expect((await talk.respond()).output.map(({ type }) => type)).toEqual(["mcp_call", "mcp_approval_request"]);
      expect(talk.parts.llm.calls[0]?.request.tools.map(({ name }) => name)).toEqual([fn("weather"), fn("order")]);
    });

    it.each([
      [{ server_url: undefined }, "session.tools[0].server_url", "missing_required_parameter"],
      [{ server_url: "file:///etc/passwd" }, "session.tools[0].server_url", "invalid_value"],
      [{ connector_id: "connector_gmail" }, "session.tools[0].connector_id", "unsupported_parameter"],
      [{ tunnel_id: "tunnel_1" }, "session.tools[0].tunnel_id", "unsupported_parameter"],
    ])("refuses %o", async (more, param, code) => {
      const talk = await Talk.open(rig, { mcp: options });
      expect(await talk.refused(update({ tools: [server(more)] }))).toMatchObject({ code, param });
    });

    it("refuses a label twice, and a choice of a server that is not there", async () => {
      const talk = await Talk.open(rig, { mcp: options });
      expect((await talk.refused(update({ tools: [server(), server()] }))).param).toBe("session.tools[1].server_label");
      const choice = { type: "mcp", server_label: "nobody" };
      expect((await talk.refused(update({ tool_choice: choice }))).param).toBe("session.tool_choice.server_label");
    });
  });
}
