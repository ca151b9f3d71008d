// In the gradebook arrows move from cell to cell and Enter opens; Tab passes it in one step.
"use strict";

const table = document.getElementById("gradebook");

function cells() {
  return [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td > a")]);
}

function step(key, [row, column], grid) {
  const last = [grid.length - 1, grid[0].length - 1];
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

if (table) {
  const grid = cells();
  const places = new Map();
  grid.forEach((row, y) =>
    row.forEach((link, x) => {
      places.set(link, [y, x]);
      link.tabIndex = -1;
    }),
  );
  let current = grid[0][0];
  current.tabIndex = 0;

  table.addEventListener("focusin", ({ target }) => {
    if (!places.has(target)) return;
    current.tabIndex = -1;
    current = target;
    current.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    if (!places.has(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = step(event.key, places.get(event.target), grid);
    if (!to) return;
    event.preventDefault();
    const link = grid[to[0]][to[1]];
    link.focus({ preventScroll: true });
    link.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}
