/** Which agent a session is: looks stored prompts up, becomes what was saved, and hands over to others. */
import type { AgentInfo } from "../observers/types";
import { errors, ProtocolError } from "../protocol/errors";
import type { RealtimeConfigInput } from "../protocol/session-config";
import type { PromptReference } from "../protocol/tools";
import { defineTool } from "../tools/define-tool";
import type { ServerTool } from "../tools/types";
import type { SessionContext } from "./context";
import { agentOf, findPrompt, type FilledPrompt, type Handoff, type PromptStore } from "./stored-prompts";

/** What a session is beyond its configuration. */
export interface AgentRole {
  /** The agent's own, those that hand over among them. */
  readonly tools: readonly ServerTool[];
  /** Undefined: no stored prompt. */
  readonly info: AgentInfo | undefined;
}

export const NO_AGENT: AgentRole = { tools: [], info: undefined };

export interface SessionAgentHooks {
  readonly store: PromptStore | undefined;
  readonly tenant: string | undefined;
  /** Configures the session. Throws when it cannot be. */
  become(session: RealtimeConfigInput, role: AgentRole): void;
}

/** What came of a lookup. */
export type Found = { readonly prompt: FilledPrompt } | { readonly error: unknown };

export class SessionAgent {
  constructor(
    private readonly context: SessionContext,
    private readonly hooks: SessionAgentHooks,
  ) {}

  get isOffered(): boolean {
    return this.hooks.store !== undefined;
  }

  /** Never rejects. `param`: where the reference stands, for errors. */
  async find(reference: PromptReference, param: string): Promise<Found> {
    const { store, tenant } = this.hooks;
    try {
      if (store === undefined) throw errors.unsupported(param, "Stored prompts are not offered by this server.");
      return { prompt: await findPrompt(store, { reference, tenant, param }) };
    } catch (error) {
      return { error };
    }
  }

  of(prompt: FilledPrompt): { readonly session: RealtimeConfigInput; readonly role: AgentRole } {
    const { stored, reference } = prompt;
    const session = { ...stored.session, type: "realtime" as const, prompt: reference };
    const handoffs = (stored.handoffs ?? []).map((handoff) => this.toTool(handoff));
    const tools = [...(stored.tools ?? []), ...handoffs];
    return { session, role: { tools, info: agentOf(prompt) } };
  }

  private toTool({ name, description, prompt }: Handoff): ServerTool {
    return defineTool({
      name: `transfer_to_${name}`,
      description: description ?? `Hands the conversation over to ${name}.`,
      execute: async () => {
        const found = await this.find(prompt, "session.prompt");
        if ("error" in found)
          throw found.error instanceof ProtocolError
            ? found.error
            : new Error("The transfer failed.", { cause: found.error });
        await this.handOver(found.prompt);
        return { transferred_to: name };
      },
    });
  }

  private handOver(prompt: FilledPrompt): Promise<void> {
    return new Promise((resolve, reject) => {
      this.context.post(() => {
        try {
          const { session, role } = this.of(prompt);
          this.hooks.become(this.withHeardVoice(session), role);
          resolve();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }

  /** A voice that was heard stays, whoever speaks with it. */
  private withHeardVoice(session: RealtimeConfigInput): RealtimeConfigInput {
    if (!this.context.conversation.hasAssistantAudio || session.audio?.output === undefined) return session;
    const { voice: _other, ...output } = session.audio.output;
    return { ...session, audio: { ...session.audio, output } };
  }
}
