"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../lib/trpc";
import { Loaded } from "../ui/loaded";
import { Switch } from "../ui/switch";
import type { DraftProps } from "./draft";

interface HandoffChoiceProps extends DraftProps {
  readonly self: string;
}

/** Which other agents of the organisation it may pass a conversation on to. */
export function HandoffChoice({ self, draft: { config }, errors, disabled, onConfig }: HandoffChoiceProps) {
  const trpc = useTRPC();
  const agents = useQuery(trpc.agents.list.queryOptions());
  const toggle = (id: string, on: boolean): void =>
    onConfig({ handoffs: on ? [...config.handoffs, id] : config.handoffs.filter((other) => other !== id) });
  const error = Object.entries(errors).find(([field]) => field.startsWith("config.handoffs"))?.[1];
  return (
    <Loaded query={agents}>
      {(all) => {
        const others = all.filter(({ id }) => id !== self);
        const gone = config.handoffs.filter((id) => !all.some((agent) => agent.id === id));
        if (others.length === 0 && gone.length === 0)
          return (
            <p className="text-sm leading-6 text-ink-soft">
              There is no other agent yet. Once there is, this one may pass a conversation on to it.
            </p>
          );
        return (
          <div className="grid gap-3 sm:grid-cols-2">
            {others.map(({ id, name, description }) => (
              <Switch
                key={id}
                label={name}
                hint={description === "" ? "Say in its description when it is to be called." : description}
                disabled={disabled}
                checked={config.handoffs.includes(id)}
                onChange={(on) => toggle(id, on)}
              />
            ))}
            {gone.map((id) => (
              <Switch
                key={id}
                label="An agent that was deleted"
                hint="Switch it off to save."
                disabled={disabled}
                checked
                onChange={() => toggle(id, false)}
              />
            ))}
            {error !== undefined && (
              <p role="alert" className="text-[0.8125rem] leading-5 text-vermilion sm:col-span-2">
                {error}
              </p>
            )}
          </div>
        );
      }}
    </Loaded>
  );
}
