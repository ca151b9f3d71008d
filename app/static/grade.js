// On the page of a grade, J and K go to the next and the previous student, C to changing it.
"use strict";

const typing = "input, textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing)) return;
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") {
    document.querySelector(`.beside a[rel="${key === "j" ? "next" : "prev"}"]`)?.click();
  }
  const change = document.getElementById("change");
  if (key === "c" && change) {
    event.preventDefault();
    change.open = true;
    document.getElementById("score").focus();
  }
});
