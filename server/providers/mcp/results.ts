/** A tool's result as text: what a model without eyes can be told of it. */
interface Result {
  readonly [key: string]: unknown;
  readonly content?: unknown;
  readonly structuredContent?: unknown;
}

export function textOf({ content, structuredContent }: Result): string {
  const parts = Array.isArray(content) ? content.map(partText).filter((text) => text !== "") : [];
  if (parts.length > 0) return parts.join("\n");
  return structuredContent === undefined ? "" : JSON.stringify(structuredContent);
}

function partText(part: unknown): string {
  if (typeof part !== "object" || part === null) return "";
  const { type, text, resource, name, uri } = part as Record<string, unknown>;
  switch (type) {
    case "text":
      return typeof text === "string" ? text : "";
    case "image":
      return "(an image)";
    case "audio":
      return "(a sound)";
    case "resource":
      return partText({ type: "text", ...(resource as object | undefined) });
    case "resource_link":
      return `${String(name ?? "")} ${String(uri ?? "")}`.trim();
    default:
      return "";
  }
}
