// In the gradebook arrows move from cell to cell and Enter opens; Tab passes it in one step.
// What is typed or ticked above it is looked for at once, without loading the page anew.
"use strict";

const found = document.getElementById("found");
const filters = document.getElementById("filters");
const PAUSE_MS = 250;

function grid() {
  const body = document.getElementById("gradebook")?.tBodies[0];
  return body ? [...body.rows].map((row) => [...row.querySelectorAll("td > a")]) : [];
}

function step(key, [row, column], cells) {
  const last = [cells.length - 1, cells[0].length - 1];
  const moves = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    Home: [row, 0],
    End: [row, last[1]],
    PageUp: [row - 10, column],
    PageDown: [row + 10, column],
  };
  return moves[key]?.map((place, axis) => Math.min(Math.max(place, 0), last[axis]));
}

let cells = [];
let places = new Map();
let current = null;

function begin() {
  cells = grid();
  places = new Map();
  cells.forEach((row, y) =>
    row.forEach((link, x) => {
      places.set(link, [y, x]);
      link.tabIndex = -1;
    }),
  );
  current = cells[0]?.[0] ?? null;
  if (current) current.tabIndex = 0;
}

found?.addEventListener("focusin", ({ target }) => {
  if (!places.has(target)) return;
  current.tabIndex = -1;
  current = target;
  current.tabIndex = 0;
});

found?.addEventListener("keydown", (event) => {
  if (!places.has(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = step(event.key, places.get(event.target), cells);
  if (!to) return;
  event.preventDefault();
  const link = cells[to[0]][to[1]];
  link.focus({ preventScroll: true });
  link.scrollIntoView({ block: "nearest", inline: "nearest" });
});

function asked() {
  const said = [...new FormData(filters)].filter(([, value]) => value !== "");
  return `${location.pathname}?${new URLSearchParams(said)}`;
}

let waiting = 0;
let asking = null;

async function look() {
  const address = asked();
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(address, { signal: asking.signal });
    if (!answer.ok || answer.redirected) return location.assign(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("found");
    if (!fresh) return location.assign(address);
    found.replaceChildren(...fresh.childNodes);
    history.replaceState(null, "", address);
    begin();
  } catch (problem) {
    if (problem.name !== "AbortError") filters.submit();
  }
}

filters?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE_MS);
});

begin();
