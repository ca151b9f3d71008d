// A code editor over a textarea, which stays the form's field: what is typed in the editor goes
// into it, and what another script puts into it (an `input` event tells so) is shown in the editor.
//
// The editor lives in a shadow root. There CodeMirror's styles are constructed sheets, which a
// strict Content-Security-Policy allows; in the page itself they would be <style> elements.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";

import { frame, look } from "./look.js";
import { marked, marking } from "./marks.js";
import { wrapping } from "./wrapping.js";

const LEAVING = "Tab indents. To leave the editor by keyboard, press Escape, then Tab.";

/**
 * Put an editor over `field` and return its view.
 *
 *   data-marks     JSON list of {line, message} about the text that stands in the field; what puts
 *                  another text into it, or sends it a `marks` event, says anew what is marked
 *   data-filename  the id of a field that takes the name of a file dropped on the editor
 */
export function edit(field) {
  const host = document.createElement("div");
  host.className = "editor";
  host.style.setProperty("--editor-least", `${field.offsetHeight}px`);
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [frame()];
  const view = new EditorView({ root, parent: root, state: state(field) });
  root.append(hint());

  const hadFocus = document.activeElement === field;
  field.after(host);
  field.style.display = "none";
  field.required = false; // a field that is not seen cannot ask for anything; the server does
  if (hadFocus) view.focus();
  for (const label of field.labels) label.addEventListener("click", () => view.focus());
  field.addEventListener("input", () => show(field, view));
  field.addEventListener("marks", () => view.dispatch({ effects: marked(field) }));
  field.addEventListener("goto", ({ detail }) => goTo(view, detail));
  field.form?.addEventListener("reset", () => setTimeout(() => show(field, view)));
  field.dataset.marksNow = field.dataset.marks || "[]";
  return view;
}

function state(field) {
  const selection = { anchor: field.selectionStart, head: field.selectionEnd };
  const isFocused = document.activeElement === field;
  return EditorState.create({
    doc: field.value,
    selection: isFocused ? selection : undefined,
    extensions: [
      marking(field),
      lineNumbers(),
      history(),
      highlightSpecialChars(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      python(),
      indentOnInput(),
      indentUnit.of("    "),
      bracketMatching(),
      search({ top: true }),
      keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
      look(),
      matchMedia("(max-width: 40rem)").matches ? wrapping() : [],
      tied(field),
    ],
  });
}

/** What ties an editor to its field. */
function tied(field) {
  return [
    EditorView.contentAttributes.of({
      "aria-label": field.labels[0]?.textContent.trim() || "Your code",
      "aria-describedby": "hint",
      tabindex: "0",
    }),
    EditorView.editorAttributes.of({ class: "code-editor" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) store(field, update.state.doc.toString());
    }),
    EditorView.domEventHandlers({
      beforeinput: typedOver,
      drop: (event, view) => dropped(event, field, view),
    }),
  ];
}

function store(field, text) {
  if (field.value === text) return;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Show what stands in the field now; it can be undone like anything typed. */
function show(field, view) {
  if (view.state.doc.toString() === field.value) return;
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: field.value },
    effects: marked(field),
  });
}

/** Put the caret at the beginning of a line, counted from 1, and show it. */
function goTo(view, line) {
  if (line < 1 || line > view.state.doc.lines) return;
  const { from } = view.state.doc.line(line);
  view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  view.focus();
}

/**
 * Replace the selection by what is typed. Left to the browser, lines that it joins would get style
 * attributes, which the policy blocks.
 */
function typedOver(event, view) {
  const { inputType, data, isComposing } = event;
  if (inputType !== "insertText" || isComposing || !data || view.state.selection.main.empty) {
    return false;
  }
  event.preventDefault();
  const change = view.state.replaceSelection(data);
  view.dispatch(change, { userEvent: "input.type", scrollIntoView: true });
  return true;
}

/** A dropped file takes the place of the text. */
function dropped(event, field, view) {
  const [file] = event.dataTransfer?.files ?? [];
  if (!file) return false;
  event.preventDefault();
  file.text().then((text) => {
    const name = document.getElementById(field.dataset.filename ?? "");
    if (name) name.value = file.name;
    field.dataset.marks = "[]";
    store(field, text);
    view.focus();
  });
  return true;
}

function hint() {
  const made = document.createElement("p");
  made.id = "hint";
  made.textContent = LEAVING;
  return made;
}
