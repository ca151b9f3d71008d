// The place to work: trying a file leaves one where one is, and the deadline counts down.
//
// "Try it" sends the form in the background, and its result appears beside the editor, exercise by
// exercise; lines that a message is about are marked. What is not taken as expected is sent again
// as the form would be, so that the page with the answer is seen.
"use strict";

const LOOK_MS = 400;
const MINUTE_MS = 60_000;
const form = document.querySelector(".work-desk");
const field = document.getElementById("code");
const shown = document.getElementById("tried");
const news = document.getElementById("work-news");
const trying = form.querySelector("button[formaction]");
let turn = 0; // only what was tried last is shown
let isBusy = false; // sending; the button stays enabled, or the focus would be lost

trying?.addEventListener("click", (event) => {
  if (!form.reportValidity()) return;
  event.preventDefault();
  if (!isBusy) tryIt(++turn).catch(() => send());
});

/** Send the form as if there were no script. */
function send() {
  form.dispatchEvent(new Event("submit"));
  form.action = trying.formAction;
  form.submit();
}

async function tryIt(mine) {
  const text = field.value;
  isBusy = true;
  news.replaceChildren("Being tried.");
  try {
    const answer = await fetch(trying.formAction, { method: "POST", body: new FormData(form) });
    const address = new URL(answer.url).pathname;
    if (!answer.ok || !address.startsWith("/submissions/")) return refused(await answer.text());
    form.elements.key.value = crypto.getRandomValues(new Uint32Array(4)).join("");
    isBusy = false;
    await follow(address, mine).then(() => mine === turn && renew(address, text)).catch(() => {
      if (mine === turn) news.replaceChildren("It was taken. ", link("The result", address));
    });
  } finally {
    isBusy = false;
  }
}

/** What the server says instead of taking it; where it says nothing that belongs here, throws. */
function refused(html) {
  const why = parsed(html).querySelector(".work-desk > .note-wrong");
  if (!why) throw new Error("another page");
  shown.replaceChildren(why);
  shown.hidden = false;
  news.replaceChildren("Not tried: ", link("why"));
}

/** Show how it stands until it is settled. */
async function follow(address, mine) {
  for (;;) {
    const answer = await fetch(`${address}/panel`);
    if (!answer.ok) throw new Error(`panel: ${answer.status}`);
    const result = parsed(await answer.text()).querySelector(".result");
    if (mine !== turn) return;
    const isSettled = result.dataset.settled === "yes";
    show(result, address);
    if (isSettled) {
      news.replaceChildren(`${result.dataset.title.split(" · ")[0]}. `, link("The result"));
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The result without what the page of a submission has besides; what is open here stays so. */
function show(result, address) {
  const open = new Set([...shown.querySelectorAll("details.verdict[open]")].map((one) => one.id));
  const strange = ".result-source, .result-foot, .result-facts, .actions, .reload, .remarks";
  for (const part of result.querySelectorAll(strange)) part.remove();
  for (const row of result.querySelectorAll("details.verdict")) row.open ||= open.has(row.id);
  const title = document.createElement("h2");
  title.className = "tried-title";
  const whole = document.createElement("a");
  whole.href = address;
  whole.textContent = "What you tried";
  title.append(whole);
  const score = document.createElement("p");
  score.className = "result-score";
  score.append(...result.querySelector(".result-score").childNodes);
  result.querySelector(".result-score").replaceWith(title, score);
  shown.replaceChildren(result);
  shown.hidden = false;
}

/** Have the page say what it would if it were opened now, and mark lines where `text` still stands. */
async function renew(address, text) {
  const start = address.split("/").at(-1);
  const answer = await fetch(`${location.pathname}?start=${start}`);
  if (!answer.ok) return;
  const now = parsed(await answer.text());
  for (const which of [".work-from", "#trial-hint"]) {
    const fresh = now.querySelector(which);
    if (fresh) document.querySelector(which).replaceWith(fresh);
  }
  const there = now.getElementById("code");
  if (there?.defaultValue !== text || field.value !== text) return;
  field.dataset.marks = there.dataset.marks;
  field.dispatchEvent(new CustomEvent("marks"));
}

shown.addEventListener("click", (event) => {
  const line = /^#L(\d+)$/.exec(event.target.closest("a")?.getAttribute("href") ?? "");
  if (!line) return;
  event.preventDefault();
  field.dispatchEvent(new CustomEvent("goto", { detail: Number(line[1]) }));
});

// A file that misses the editor is meant for it all the same; the browser would open it instead.
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  const [file] = event.dataTransfer?.files ?? [];
  if (event.defaultPrevented || !file) return;
  event.preventDefault();
  const text = await file.text();
  document.getElementById("filename").value = file.name;
  field.dataset.marks = "[]";
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

function link(text, address = "#tried") {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = text;
  return made;
}

const deadline = document.querySelector(".deadline[data-at]");
if (deadline) setInterval(() => countDown(deadline), MINUTE_MS / 4);

/** Say how long there is until a moment that is less than a day off. */
function countDown(line) {
  const minutes = Math.floor((Date.parse(line.dataset.at) - Date.now()) / MINUTE_MS);
  if (minutes >= 24 * 60) return;
  line.classList.add("urgent");
  const left = line.querySelector(".deadline-left");
  if (minutes < 0) left.textContent = "that is over";
  else if (minutes < 1) left.textContent = "in under a minute";
  else if (minutes < 60) left.textContent = `in ${counted(minutes, "minute")}`;
  else left.textContent = `in ${counted(Math.floor(minutes / 60), "hour")}`;
}

function counted(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
