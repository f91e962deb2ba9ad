"use client";
import { flexRender, type Table as Model } from "@tanstack/react-table";
import { cn } from "./cn";

declare module "@tanstack/react-table" {
  // The names of its parameters must be those of the original.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface ColumnMeta<TData, TValue> {
    readonly className?: string;
    /** Left out where the screen is narrow. */
    readonly wide?: boolean;
  }
}

interface TableProps<T> {
  readonly table: Model<T>;
  /** What the table lists, for those who cannot see it. */
  readonly label: string;
}

export function Table<T>({ table, label }: TableProps<T>) {
  return (
    <div className="overflow-x-auto" role="region" aria-label={label} tabIndex={0}>
      <table className="w-full border-collapse text-sm">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b border-line text-left text-xs text-ink-faint">
              {group.headers.map((header) => (
                <th
                  key={header.id}
                  scope="col"
                  className={cell(header.column.columnDef.meta, "h-9 font-medium whitespace-nowrap")}
                >
                  {header.isPlaceholder ? null : flexRender(header.column.columnDef.header, header.getContext())}
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className="group border-b border-line last:border-0 hover:bg-paper">
              {row.getVisibleCells().map((each) => (
                <td key={each.id} className={cell(each.column.columnDef.meta, "h-12 py-2")}>
                  {flexRender(each.column.columnDef.cell, each.getContext())}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cell(meta: { className?: string; wide?: boolean } | undefined, base: string): string {
  return cn("px-3 first:pl-5 last:pr-5", base, meta?.wide === true && "max-md:hidden", meta?.className);
}
