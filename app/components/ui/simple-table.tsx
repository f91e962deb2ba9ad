"use client";
import { type ColumnDef, getCoreRowModel, useReactTable } from "@tanstack/react-table";
import { Table } from "./table";

interface SimpleTableProps<T> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly columns: ColumnDef<T>[];
  readonly rowId: (row: T) => string;
}

/** All rows at once, in the order in which they come. `columns` must stay the same between renders. */
export function SimpleTable<T>({ label, rows, columns, rowId }: SimpleTableProps<T>) {
  const table = useReactTable({
    data: rows as T[],
    columns,
    getCoreRowModel: getCoreRowModel(),
    getRowId: rowId,
  });
  return <Table table={table} label={label} />;
}
