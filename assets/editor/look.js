// How an editor looks: the page's own colours, which its custom properties carry into the editor.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The sheet of what stands around the code: the editor's box and the hint below it. */
export function frame() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: block; color: var(--ink); }
    .code-editor {
      min-height: var(--editor-least, 12rem);
      max-height: max(var(--editor-least, 12rem), 75vh);
      background: var(--paper);
      border: 1px solid var(--edge);
      border-radius: var(--corner);
      overflow: hidden;
    }
    #hint { margin: var(--s1) 0 0; color: var(--quiet); font: 400 var(--t1) / 1.4 var(--text); }
    @media (pointer: coarse) {
      #hint { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    }
  `);
  return sheet;
}

/** An extension with the look of the code itself. */
export function look() {
  const colours = HighlightStyle.define([
    { tag: [tags.keyword, tags.operatorKeyword], color: "var(--code-keyword)" },
    { tag: [tags.definition(tags.variableName), tags.className], color: "var(--code-name)" },
    { tag: [tags.function(tags.definition(tags.variableName)), tags.meta], color: "var(--code-name)" },
    { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
    { tag: [tags.number, tags.bool, tags.null, tags.self], color: "var(--code-number)" },
    { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  ]);
  return [EditorView.theme(CODE), EditorView.theme(PARTS), syntaxHighlighting(colours)];
}

const CODE = {
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { font: "400 var(--t1)/1.6 var(--mono)", fontVariantLigatures: "none", overflow: "auto" },
  ".cm-content": { padding: "var(--s2) 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 var(--s4) 0 var(--s2)" },
  ".cm-line ::selection, .cm-line::selection": { backgroundColor: "var(--editor-selection)" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--quiet)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "4ch", padding: "0 var(--s2) 0 var(--s1)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": {
    backgroundColor: "var(--shade)",
    color: "inherit",
  },
  "&.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--edge)",
  },
  "&.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--wrong)",
  },
  // A phone zooms in on whatever one types into with smaller letters.
  "@media (pointer: coarse)": { ".cm-scroller": { fontSize: "1rem" } },
};

const PARTS = {
  "& .cm-line.marked, &.cm-focused .cm-line.marked": {
    backgroundColor: "var(--wrong-tint)",
    boxShadow: "inset 3px 0 var(--wrong)",
  },
  ".cm-marks .cm-gutterElement": { padding: "0 0 0 var(--s1)" },
  ".sign": { color: "var(--wrong)", fontWeight: "700" },
  ".message": {
    maxWidth: "38rem",
    padding: "var(--s1) var(--s4) var(--s2) var(--s4)",
    boxShadow: "inset 3px 0 var(--wrong)",
    color: "var(--wrong)",
    font: "400 var(--t1)/1.4 var(--text)",
    whiteSpace: "normal",
  },
  ".message p": { margin: "0" },
  ".message code": { fontFamily: "var(--mono)", fontSize: "0.92em" },
  ".cm-panels, .cm-panels-top": {
    backgroundColor: "var(--shade)",
    color: "var(--ink)",
    border: "none",
    borderBottom: "1px solid var(--rule)",
  },
  ".cm-panel.cm-search": { font: "400 var(--t1)/1.4 var(--text)", padding: "var(--s2) var(--s6) var(--s2) var(--s2)" },
  ".cm-panel.cm-search label": { fontSize: "inherit" },
  ".cm-textfield, .cm-button": {
    minHeight: "2rem",
    padding: "0 var(--s2)",
    background: "var(--paper)",
    border: "1px solid var(--edge)",
    borderRadius: "var(--corner)",
    color: "var(--ink)",
    font: "inherit",
  },
  ".cm-panel.cm-search [name=close]": { color: "inherit", fontSize: "1.25rem", padding: "0 var(--s2)" },
  ".cm-searchMatch": { backgroundColor: "var(--partly-tint)", outline: "1px solid var(--partly-fill)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--partly-fill)", color: "var(--paper)" },
};
