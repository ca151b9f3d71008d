// Wraps long lines, each further row indented as deep as its line: for screens too narrow to scroll.

import { RangeSetBuilder } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin } from "@codemirror/view";

/** An extension that wraps lines with a hanging indent. */
export function wrapping() {
  return [EditorView.lineWrapping, hanging];
}

const hanging = ViewPlugin.define(
  (view) => ({
    decorations: indents(view),
    update(update) {
      if (update.docChanged || update.viewportChanged) this.decorations = indents(update.view);
    },
  }),
  { decorations: (plugin) => plugin.decorations },
);

function indents(view) {
  const built = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      const depth = /^ */.exec(line.text)[0].length;
      if (depth) built.add(line.from, line.from, hang(depth));
      at = line.to + 1;
    }
  }
  return built.finish();
}

function hang(depth) {
  const style = `padding-left: calc(${depth}ch + var(--s2)); text-indent: -${depth}ch`;
  return Decoration.line({ attributes: { style } });
}
