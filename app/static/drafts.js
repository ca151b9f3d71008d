// Keeps what is typed into each <textarea data-draft-key> in this browser, until the server has it.
//
//   data-draft-key     names the drafts; it tells people as well as forms apart
//   data-draft-served  what the server sent in the textarea, in words: "the starter file"
//   data-marks-now     what an editor says of its lines, which is kept along with the text
//
// Drafts are dropped on a page that proves that the server has them: one with an element
// <... data-handed-in="the key" data-source="address of the file as it was handed in">.
//
// Each opened page that is typed in has a draft of its own, {text, at, marks}, and takes away the
// one that it went on from, unless another tab has changed that meanwhile: nothing that was typed
// is overwritten. The newest comes first; of others one is told.

const PAUSE_MS = 300;
const MOST = 20; // of one key; only tabs that were open at the same time leave more than one
const NAME = "chainrule draft ";

/** Whether something kept is a draft of this place; 12 begins as 1 does. */
function isOf(name, key) {
  return name === NAME + key || name.startsWith(`${NAME}${key} `);
}
const SWAP = "swap"; // marks the input that is no typing, and so makes no draft

for (const field of document.querySelectorAll("textarea[data-draft-key]")) keep(field);
for (const proof of document.querySelectorAll("[data-handed-in]")) forget(proof);

/** The draft under this name as {name, text, at, marks}, or null; at is in milliseconds. */
function read(name) {
  try {
    const found = JSON.parse(localStorage.getItem(name));
    return typeof found?.text === "string" ? { marks: "[]", ...found, name } : null;
  } catch {
    return null; // no storage here, or not ours: then there is no draft
  }
}

/** All drafts of a key, the newest first. */
function drafts(key) {
  let names = [];
  try {
    names = Object.keys(localStorage);
  } catch {
    // no storage here
  }
  return names
    .filter((name) => isOf(name, key))
    .map(read)
    .filter(Boolean)
    .sort((one, other) => other.at - one.at);
}

/** The draft as it is kept now, or null; browsers refuse when storage is full or switched off. */
function write(name, text, marks) {
  const draft = { text, marks, at: Date.now() };
  try {
    localStorage.setItem(name, JSON.stringify(draft));
    return { ...draft, name };
  } catch {
    return null;
  }
}

/** Take a draft away, if it is still what it was when we saw it. */
function drop(draft) {
  if (read(draft.name)?.text === draft.text) localStorage.removeItem(draft.name);
}

function keep(field) {
  const key = field.dataset.draftKey;
  const own = `${NAME}${key} ${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
  const note = document.createElement("p");
  note.className = "draft-note";
  note.setAttribute("role", "status");
  field.before(note);
  const served = {
    text: field.defaultValue,
    marks: field.dataset.marks || "[]",
    said: `This is ${field.dataset.draftServed || "the server's version"}.`,
    label: `Use ${field.dataset.draftServed || "the server's version"}`,
  };

  const kept = drafts(key).filter((draft) => draft.text !== served.text);
  let base = null; // the draft that what stands here came from
  let text = field.value; // what is known to be kept, or need not be
  let pause = 0;
  choose(kept[0] ?? served, kept);

  /** Put a version into the field, and let it be exchanged for the others. */
  function choose(one, others) {
    base = one === served ? null : one;
    text = one.text;
    const first = others[0];
    const said = base ? (one === first ? "Your draft" : "An older draft") : "";
    const buttons = [served, ...others]
      .filter((other) => other !== one)
      .map((other) =>
        button(label(other, others), () => {
          choose(other, others);
          note.querySelector("button")?.focus();
        }),
      );
    const words = base ? `${said} from ${when(one.at)} is here again.` : one.said;
    if (others.length) tell(words, buttons);
    put(field, one);
  }

  function label(one, others) {
    if (one === served) return served.label;
    return one === others[0] ? "Back to your draft" : `Use the older one from ${when(one.at)}`;
  }

  function tell(words, buttons) {
    note.replaceChildren(words, ...buttons.flatMap((one) => [" ", one]));
  }

  function save() {
    clearTimeout(pause);
    if (field.value === text) return;
    text = field.value;
    const made = write(own, text, field.dataset.marksNow || "[]");
    if (!made) return warn(field, note);
    if (base && base.name !== own) drop(base);
    base = made;
    for (const old of drafts(key).slice(MOST)) drop(old);
  }

  /** Another tab has kept something: say so, and have it here only if that is asked for. */
  function hear({ key: name, newValue }) {
    const theirs = newValue && name !== own ? read(name) : null;
    if (!theirs || !isOf(name, key) || theirs.text === field.value) return;
    const here = button("Use that one here", () => {
      save();
      choose(theirs, drafts(key));
      note.querySelector("button")?.focus();
    });
    tell(`Another tab has a newer draft, from ${when(theirs.at)}; what is here is kept, too.`, [here]);
  }

  field.addEventListener("input", (event) => {
    clearTimeout(pause);
    if (event.detail === SWAP) return;
    note.replaceChildren();
    pause = setTimeout(save, PAUSE_MS);
  });
  field.form?.addEventListener("submit", save);
  addEventListener("pagehide", save);
  addEventListener("visibilitychange", save);
  addEventListener("storage", hear);
}

function put(field, { text, marks }) {
  field.dataset.marks = marks;
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
  const kept = drafts(proof.dataset.handedIn);
  if (kept.length === 0) return;
  const answer = await fetch(proof.dataset.source);
  if (!answer.ok) return;
  const source = await answer.text();
  for (const draft of kept) if (draft.text === source) drop(draft);
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
