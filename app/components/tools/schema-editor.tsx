"use client";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { linter } from "@codemirror/lint";
import CodeMirror, { EditorView } from "@uiw/react-codemirror";
import { useMemo } from "react";
import { useIsDark } from "../../lib/theme";
import { parseObject } from "./parse-object";

interface SchemaEditorProps {
  /** The id of its label. */
  readonly labelledBy: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const theme = EditorView.theme({
  "&": { fontSize: "0.8125rem", backgroundColor: "var(--surface)", color: "var(--ink)" },
  ".cm-content": { fontFamily: "var(--font-mono)", caretColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--sunken)" },
  "&.cm-focused": { outline: "2px solid var(--accent)" },
});

/** JSON with its mistakes marked where they are. */
export function SchemaEditor({ labelledBy, value, onChange }: SchemaEditorProps) {
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
        height="14rem"
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
    </>
  );
}
