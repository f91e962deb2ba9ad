"use client";
import { useRouter } from "next/navigation";
import { type FormEvent, type ReactNode, useState } from "react";
import { toast } from "sonner";
import { fieldErrors, problemOf } from "../../lib/errors";
import { FormProblem } from "../door/heading";
import { Button } from "./button";
import { Card } from "./card";
import { NameField } from "./name-field";

interface RenameCardProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** Of the field. Default: Name. */
  readonly label?: string;
  /** What it is called now. */
  readonly name: string;
  /** Said once it is called otherwise. */
  readonly saved: string;
  readonly rename: {
    mutate(input: { name: string }, options: { onSuccess: () => void }): void;
    readonly error: unknown;
    readonly isPending: boolean;
  };
}

/** A card that changes one name, which the frame of the page shows too. */
export function RenameCard({ title, description, label, name: kept, saved, rename }: RenameCardProps) {
  const router = useRouter();
  const [name, setName] = useState(kept);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const onSuccess = (): void => {
      toast.success(saved);
      router.refresh();
    };
    rename.mutate({ name }, { onSuccess });
  };
  const problem = problemOf(rename.error, ["name"]);
  return (
    <Card title={title} description={description}>
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        {problem !== undefined && <FormProblem>{problem}</FormProblem>}
        <NameField
          label={label}
          className="min-w-56 flex-1"
          error={fieldErrors(rename.error)["name"]}
          value={name}
          onChange={setName}
        />
        <Button type="submit" className="h-10" busy={rename.isPending}>
          Save
        </Button>
      </form>
    </Card>
  );
}
