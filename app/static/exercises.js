"use strict";
/* The exercises of an assignment's form are put into order by dragging a row, or by two buttons in
   it; what is ticked below joins them. Without this script each row has a number for its place. */
(() => {
  const chosen = document.getElementById("chosen");
  const others = document.getElementById("others");
  const news = document.getElementById("exercise-news");
  if (!chosen || !news) return;
  const rows = () => [...chosen.rows];
  const title = (row) => row.querySelector("label span").textContent;

  const renumber = () => {
    const all = [...rows(), ...(others ? others.rows : [])];
    all.forEach((row, index) => {
      row.querySelector("[name^=place-]").value = String(index + 1);
    });
    rows().forEach((row, index) => {
      row.querySelector("[data-move='up']").disabled = index === 0;
      row.querySelector("[data-move='down']").disabled = index === chosen.rows.length - 1;
    });
  };

  const told = (row) => {
    renumber();
    news.textContent = `${title(row)} is number ${rows().indexOf(row) + 1} of ${chosen.rows.length}.`;
  };

  const move = (row, direction) => {
    const beside = direction === "up" ? row.previousElementSibling : row.nextElementSibling;
    if (!beside) return;
    if (direction === "up") beside.before(row);
    else beside.after(row);
    told(row);
    const button = row.querySelector(`[data-move='${direction}']`);
    (button.disabled ? row.querySelector("[data-move]:not(:disabled)") : button)?.focus();
  };

  const button = (row, direction, sign) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button small";
    made.dataset.move = direction;
    made.textContent = sign;
    made.setAttribute("aria-label", `Move ${title(row)} ${direction}`);
    made.addEventListener("click", () => move(row, direction));
    return made;
  };

  let dragged = null;
  const prepare = (row) => {
    const place = row.querySelector("[name^=place-]");
    place.hidden = true;
    place.parentElement.append(button(row, "up", "↑"), button(row, "down", "↓"));
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", title(row));
      row.classList.add("dragged");
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("dragged");
      dragged = null;
      told(row);
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || row.parentElement !== chosen) return;
      event.preventDefault();
      if (dragged === row) return;
      const box = row.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) row.before(dragged);
      else row.after(dragged);
    });
    row.addEventListener("drop", (event) => event.preventDefault());
  };

  const settle = (row) => {
    const isIn = row.parentElement === chosen;
    row.draggable = isIn;
    for (const one of row.querySelectorAll("[data-move]")) one.hidden = !isIn;
  };

  for (const row of [...chosen.rows, ...(others ? others.rows : [])]) {
    prepare(row);
    settle(row);
    row.querySelector("[type=checkbox]").addEventListener("change", (event) => {
      if (!event.target.checked || row.parentElement === chosen) return;
      chosen.append(row);
      settle(row);
      told(row);
      event.target.focus();
    });
  }
  document.getElementById("place-head").textContent = "Order";
  renumber();
})();
