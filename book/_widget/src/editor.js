// The editor: CodeMirror with YAML, in the theme's colours, with marks on lines.
//
// Tab leaves it, as anywhere in a page; Ctrl-] and Ctrl-[ indent, Ctrl-Enter checks.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import {
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

// Colours are in widget.css: they follow the page's switch between light and dark.
const COLOURS = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], class: "ports-key" },
  { tag: [tags.string, tags.special(tags.string)], class: "ports-string" },
  { tag: [tags.comment, tags.lineComment], class: "ports-comment" },
  { tag: [tags.meta, tags.keyword, tags.labelName, tags.typeName], class: "ports-meta" },
]);

const SEVERITIES = { error: "error", warning: "warning", note: "info" };

export class Editor {
  // `onText` is called with each new text, `onCheck` when Ctrl-Enter is pressed.
  constructor(parent, { text, label, description, onText, onCheck }) {
    const check = () => {
      onCheck();
      return true;
    };
    this.view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text,
        extensions: [
          keymap.of([
            { key: "Mod-Enter", run: check },
            { key: "Ctrl-Enter", run: check },
          ]),
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of("  "),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          yaml(),
          syntaxHighlighting(COLOURS),
          keymap.of([...lintKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            "aria-label": label,
            "aria-describedby": description,
            autocapitalize: "off",
            spellcheck: "false",
            tabindex: "0",
            translate: "no",
          }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) onText(update.state.doc.toString());
          }),
        ],
      }),
    });
  }

  get text() {
    return this.view.state.doc.toString();
  }

  // Replaces everything; Ctrl-Z brings it back.
  set text(text) {
    const { doc } = this.view.state;
    this.view.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
  }

  // Marks lines: each of `marks` has `line`, `column`, `severity` and `message`.
  mark(marks) {
    const { doc } = this.view.state;
    const diagnostics = marks
      .filter(({ line }) => line >= 1 && line <= doc.lines)
      .map(({ line, column, severity, message }) => {
        const { from, to, text } = doc.line(line);
        const indent = text.length - text.trimStart().length;
        const start = Math.min(from + Math.max(column - 1, indent), to);
        return { from: start, to, severity: SEVERITIES[severity] ?? "error", message };
      })
      .sort((one, other) => one.from - other.from);
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
  }

  goTo(line) {
    const { doc } = this.view.state;
    if (line > doc.lines) return;
    const { from } = doc.line(line);
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    this.view.focus();
  }
}
