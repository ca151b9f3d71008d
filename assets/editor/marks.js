// Marks the lines of an editor that a message is about: a sign in the gutter, the message below.
//
// Marks speak of the text that was put into the field with them. They move along with their lines,
// and one whose line has been changed goes away, since nobody knows whether it still holds. Where
// they are now is written back to `data-marks-now`, so that a draft can be kept with them.

import { RangeSet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, WidgetType, gutter } from "@codemirror/view";

const put = StateEffect.define();

/** An effect that puts the marks of `field`, which speak of the text that is there afterwards. */
export function marked(field) {
  return put.of(marksOf(field));
}

/** An extension that shows the marks of `field`. */
export function marking(field) {
  const placed = (doc, marks) =>
    marks
      .filter(({ line }) => line >= 1 && line <= doc.lines)
      .map(({ line, messages }) => ({ ...span(doc.line(line)), messages }));

  const shown = StateField.define({
    create: (state) => placed(state.doc, marksOf(field)),
    update(value, { docChanged, changes, newDoc, effects }) {
      const given = effects.find((effect) => effect.is(put));
      if (given) return placed(newDoc, given.value);
      if (!docChanged) return value;
      const untouched = value.filter(({ from, to }) => !changes.touchesRange(from, to));
      return untouched.map(({ from, messages }) => ({
        ...span(newDoc.lineAt(changes.mapPos(from, 1))),
        messages,
      }));
    },
    provide: (source) => EditorView.decorations.from(source, decorations),
  });
  const signs = (view) => RangeSet.of(view.state.field(shown).map(({ from }) => SIGN.range(from)));
  const noted = EditorView.updateListener.of(({ state }) => {
    const now = state
      .field(shown)
      .flatMap(({ from, messages }) =>
        messages.map((message) => ({ line: state.doc.lineAt(from).number, message })),
      );
    field.dataset.marksNow = JSON.stringify(now);
  });
  return [shown, gutter({ class: "cm-marks", markers: signs }), noted];
}

/** What `data-marks` says of `field`, as a list of {line, messages} by line. */
function marksOf(field) {
  const byLine = new Map();
  for (const { line, message } of JSON.parse(field.dataset.marks || "[]")) {
    byLine.set(line, [...(byLine.get(line) ?? []), message]);
  }
  return [...byLine].sort(([a], [b]) => a - b).map(([line, messages]) => ({ line, messages }));
}

function span({ from, to }) {
  return { from, to };
}

function decorations(marks) {
  const ranges = marks.flatMap(({ from, to, messages }) => [
    Decoration.line({ class: "marked" }).range(from),
    Decoration.widget({ widget: new Message(messages), block: true, side: 1 }).range(to),
  ]);
  return Decoration.set(ranges, true);
}

class Sign extends GutterMarker {
  toDOM() {
    const sign = element("span", "sign", "✕");
    sign.setAttribute("aria-hidden", "true");
    return sign;
  }
}
const SIGN = new Sign();

class Message extends WidgetType {
  constructor(messages) {
    super();
    this.messages = messages;
  }

  eq(other) {
    return other.messages.join("\n") === this.messages.join("\n");
  }

  toDOM() {
    const box = element("div", "message");
    box.append(...this.messages.map(said));
    return box;
  }
}

/** A message as a paragraph; what stands in backquotes is code. */
function said(message) {
  const paragraph = element("p", "");
  message.split("`").forEach((part, index) => {
    paragraph.append(index % 2 ? element("code", "", part) : part);
  });
  return paragraph;
}

function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
