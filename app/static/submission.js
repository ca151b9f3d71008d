// Keeps a submission's panel up to date: an event says when, the panel is fetched as usual, and
// only what is different in it changes: focus, folds, scrolling and the source stay as they are.
// Where no event can come, it asks every two seconds; with data-polls, every one and for no events.
"use strict";

const ESTIMATE_MS = 5000; // how long a wait is said to be grows old without any event
const panel = document.getElementById("panel");
const address = panel.dataset.address;
let polling = 0;
let source = null;
let watch = 0;

const folded = new Set(); // ids of the rows that the reader has opened or closed
panel.addEventListener("click", ({ target }) => {
  const summary = target.closest("summary");
  if (summary) folded.add(summary.parentElement.id);
});

const result = () => panel.querySelector(".result");
const isSettled = () => result()?.dataset.settled === "yes";

async function refresh() {
  const answer = await fetch(`${address}/panel`, { redirect: "error" });
  if (!answer.ok) throw new Error(`panel: ${answer.status}`);
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  steadily(() => become(result(), fresh.content.querySelector(".result")));
  const title = result().dataset.title;
  document.title = `${title} · Chainrule`;
  if (isSettled()) {
    stop();
    document.getElementById("news").textContent = title;
  }
}

/** Change the page so that what is read stays where it is, also where browsers do not see to it. */
function steadily(change) {
  const held = reading();
  if (!held) return change();
  const top = held.getBoundingClientRect().top;
  change();
  const now = held.isConnected ? held : document.getElementById(held.id);
  if (now) scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
}

/** What has the focus, or else the topmost line or row in view; nothing at the page's top. */
function reading() {
  if (scrollY < 1) return null;
  const inView = (one) => {
    const box = one.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight && box.height > 0;
  };
  const focused = document.activeElement;
  if (panel.contains(focused) && inView(focused)) return focused;
  return [...panel.querySelectorAll(".result-head, .verdict, .lines > li, .receipt")].find(inView);
}

/** Make `old` what `fresh` is, and keep every node that both have. */
function become(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== 1 || old.nodeName !== fresh.nodeName || old.id !== fresh.id) {
    old.replaceWith(fresh);
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) === value || (name === "open" && folded.size)) continue;
    old.setAttribute(name, value);
  }
  const all = [...fresh.childNodes];
  const named = new Set(all.map((one) => one.id).filter(Boolean));
  const there = new Map([...old.children].map((one) => [one.id, one]));
  let next = old.firstChild;
  for (const child of all) {
    // What has an id is waited for; what stands before it and is not to stay gives way.
    while (next?.id && next.id !== child.id && !named.has(next.id)) next = drop(next);
    const same = child.id ? there.get(child.id) : null;
    if (same) {
      while (next && next !== same && !named.has(next.id)) next = drop(next);
      next = same.nextSibling;
      become(same, child);
    } else if (!child.id && next && !next.id) {
      const here = next;
      next = next.nextSibling;
      become(here, child);
    } else {
      old.insertBefore(child, next);
    }
  }
  while (next) next = drop(next);
}

function drop(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function stop() {
  source?.close();
  clearInterval(polling);
  clearInterval(watch);
  panel.classList.remove("live");
}

function poll(everyMs = 2000) {
  source?.close();
  if (!polling) polling = setInterval(() => refresh().catch(() => {}), everyMs);
}

if (!isSettled()) panel.classList.add("live");
if (!isSettled() && "polls" in panel.dataset) {
  poll(1000);
} else if (!isSettled()) {
  watch = setInterval(() => document.hidden || refresh().catch(() => {}), ESTIMATE_MS);
  source = new EventSource(`${address}/events`);
  source.addEventListener("change", () => refresh().catch(() => poll()));
  source.addEventListener("away", () => poll());
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) poll();
  });
}
