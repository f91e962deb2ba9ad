"use client";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { linter } from "@codemirror/lint";
import CodeMirror, { EditorView } from "@uiw/react-codemirror";
import { useMemo } from "react";
import { useIsDark } from "../../lib/theme";
import { parseObject } from "./parse-object";

interface JsonEditorProps {
  /** The id of its label. */
  readonly labelledBy: string;
  readonly value: string;
  /** What the server said of it. */
  readonly error?: string | undefined;
  /** Default: 14rem. */
  readonly height?: string;
  readonly onChange: (value: string) => void;
}

const theme = EditorView.theme({
  // The editor's own dark theme brings a ground of its own.
  "&.cm-editor": { fontSize: "0.8125rem", backgroundColor: "var(--surface)", color: "var(--ink)" },
  ".cm-content": { fontFamily: "var(--font-mono)", caretColor: "var(--ink)" },
  "&.cm-editor .cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--sunken)" },
  "&.cm-focused": { outline: "2px solid var(--accent)" },
});

/** JSON with its mistakes marked where they are. */
export function JsonEditor({ labelledBy, value, error, height = "14rem", onChange }: JsonEditorProps) {
  const dark = useIsDark();
  const extensions = useMemo(
    () => [
      json(),
      linter(jsonParseLinter()),
      theme,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-labelledby": labelledBy }),
    ],
    [labelledBy],
  );
  const parsed = parseObject(value);
  return (
    <>
      <CodeMirror
        value={value}
        theme={dark ? "dark" : "light"}
        extensions={extensions}
        height={height}
        // Tab leaves the editor, as it leaves every other field.
        indentWithTab={false}
        basicSetup={{ foldGutter: false, autocompletion: false }}
        onChange={onChange}
        className="overflow-hidden rounded-xl border border-line"
      />
      {!parsed.ok && (
        <p role="status" className="mt-1.5 text-[0.8125rem] text-vermilion">
          {parsed.problem}
        </p>
      )}
      {parsed.ok && error !== undefined && (
        <p role="alert" className="mt-1.5 text-[0.8125rem] text-vermilion">
          {error}
        </p>
      )}
    </>
  );
}
