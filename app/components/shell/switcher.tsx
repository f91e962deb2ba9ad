"use client";
import { Check, ChevronsUpDown, Plus } from "lucide-react";
import { useState } from "react";
import { chooseOrganisation } from "../../lib/organisation";
import { Menu, MenuItem, MenuLabel, MenuSeparator } from "../ui/menu";
import { NewOrganisation } from "./new-organisation";
import { useViewer } from "./viewer";

/** The organisation in which one works, and the way to another. */
export function OrganisationSwitcher() {
  const { organisation, organisations, scopes } = useViewer();
  const [creating, setCreating] = useState(false);
  return (
    <>
      <Menu
        align="start"
        className="w-54"
        trigger={
          <button
            type="button"
            aria-label={`Organisation: ${organisation.name}`}
            className="flex h-10 w-full items-center gap-2.5 rounded-lg px-2.5 text-left text-sm transition-colors hover:bg-sunken"
          >
            <span className="min-w-0 flex-1 truncate font-medium">{organisation.name}</span>
            <ChevronsUpDown className="size-4 shrink-0 text-ink-faint" aria-hidden="true" />
          </button>
        }
      >
        <MenuLabel>Organisations</MenuLabel>
        {organisations.map(({ id, name }) => (
          <MenuItem key={id} onClick={() => chooseOrganisation(id)}>
            <span className="min-w-0 flex-1 truncate">{name}</span>
            {id === organisation.id && <Check aria-label="chosen" />}
          </MenuItem>
        ))}
        {scopes.includes("organisation:write") && (
          <>
            <MenuSeparator />
            <MenuItem onClick={() => setCreating(true)}>
              <Plus aria-hidden="true" />
              New organisation
            </MenuItem>
          </>
        )}
      </Menu>
      <NewOrganisation open={creating} onOpenChange={setCreating} />
    </>
  );
}
