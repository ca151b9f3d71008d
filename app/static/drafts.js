// Keeps what is typed into each <textarea data-draft-key> in this browser, until the server has it.
//
//   data-draft-key     names the draft; it tells people as well as forms apart
//   data-draft-served  what the server sent in the textarea, in words: "the starter file"
//
// A draft is dropped on a page that proves that the server has it: one with an element
// <... data-handed-in="the key" data-source="address of the file as it was handed in">.
//
// Two tabs share one draft. Whoever saves last has it, and what was there moves to a second place.

const PAUSE_MS = 300;
const NAME = "chainrule draft ";
const ELSEWHERE = " of another tab";
const SWAP = "swap"; // marks the input that is no typing, and so must not take the draft's place

for (const field of document.querySelectorAll("textarea[data-draft-key]")) keep(field);
for (const proof of document.querySelectorAll("[data-handed-in]")) forget(proof);

/** The draft as {text, at}, or null; at is in milliseconds. */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(NAME + key));
  } catch {
    return null; // no storage here, or not ours: then there is no draft
  }
}

/** Whether the draft is kept now; browsers refuse when storage is full or switched off. */
function write(key, text, at = Date.now()) {
  try {
    localStorage.setItem(NAME + key, JSON.stringify({ text, at }));
    return true;
  } catch {
    return false;
  }
}

function keep(field) {
  const key = field.dataset.draftKey;
  const note = document.createElement("p");
  note.className = "draft-note";
  note.setAttribute("role", "status");
  field.before(note);

  const draft = read(key);
  const isOther = draft !== null && draft.text !== field.defaultValue;
  offer(field, note, versions(field, key, isOther ? draft : null));
  let saved = isOther ? draft.text : field.value;
  let pause = 0;

  function save() {
    clearTimeout(pause);
    if (field.value === saved) return;
    const there = read(key);
    if (there && there.text !== saved) write(key + ELSEWHERE, there.text, there.at);
    saved = field.value;
    if (!write(key, saved)) warn(field, note);
  }
  field.addEventListener("input", (event) => {
    clearTimeout(pause);
    if (event.detail === SWAP) saved = field.value;
    else pause = setTimeout(save, PAUSE_MS);
  });
  field.form?.addEventListener("submit", save);
  addEventListener("pagehide", save);
  addEventListener("visibilitychange", save);
}

/** What the field can hold, the first one first, each as {text, said, label}. */
function versions(field, key, draft) {
  const served = field.dataset.draftServed || "the server's version";
  const found = [{ text: field.defaultValue, said: `This is ${served}.`, label: `Use ${served}` }];
  if (draft) {
    const said = `Your draft from ${when(draft.at)} is here again.`;
    found.unshift({ text: draft.text, said, label: "Back to your draft" });
  }
  const elsewhere = read(key + ELSEWHERE);
  if (elsewhere && found.every((one) => one.text !== elsewhere.text)) {
    const other = `the draft of another tab, from ${when(elsewhere.at)}`;
    found.push({ text: elsewhere.text, said: `This is ${other}.`, label: `Use ${other}` });
  }
  return found;
}

/** Put the first version into the field, and let it be exchanged for the others. */
function offer(field, note, found) {
  if (found.length === 1) return;
  const show = (shown) => {
    const buttons = found
      .filter((one) => one !== shown)
      .map((one) =>
        button(one.label, () => {
          show(one);
          note.querySelector("button").focus();
        }),
      );
    note.replaceChildren(shown.said, ...buttons.flatMap((one) => [" ", one]));
    put(field, shown.text);
  };
  show(found[0]);
  field.addEventListener("input", (event) => {
    if (event.detail !== SWAP) note.replaceChildren();
  });
}

function put(field, text) {
  field.value = text;
  field.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: SWAP }));
}

/** Nothing is kept: say so, and hold whoever leaves the page without handing in. */
function warn(field, note) {
  if (note.dataset.warned) return;
  note.dataset.warned = "yes";
  note.textContent =
    "This browser keeps no drafts, because its storage is full or switched off. " +
    "Hand in or copy your code before you leave this page.";
  let isLeavingWell = false;
  field.form?.addEventListener("submit", () => (isLeavingWell = true));
  addEventListener("beforeunload", (event) => {
    if (!isLeavingWell && field.value !== field.defaultValue) event.preventDefault();
  });
}

async function forget(proof) {
  const keys = [proof.dataset.handedIn, proof.dataset.handedIn + ELSEWHERE].filter(read);
  if (keys.length === 0) return;
  const answer = await fetch(proof.dataset.source);
  if (!answer.ok) return;
  const source = await answer.text();
  for (const key of keys) if (read(key)?.text === source) localStorage.removeItem(NAME + key);
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "link";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

/** "14:05", or "Friday 27 November, 14:05" for another day, in the reader's own zone. */
function when(milliseconds) {
  const moment = new Date(milliseconds);
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const day = { weekday: "long", day: "numeric", month: "long" };
  const isToday = moment.toDateString() === new Date().toDateString();
  return moment.toLocaleString("en-GB", isToday ? time : { ...day, ...time });
}
