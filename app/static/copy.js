// Puts a snippet on the clipboard. Its button is there only where this script runs.
"use strict";

document.documentElement.classList.add("can-copy");

const said = (button, text) => {
  button.textContent = text;
  clearTimeout(button.saidUntil);
  button.saidUntil = setTimeout(() => (button.textContent = "Copy"), 4000);
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const code = button.parentElement.querySelector("code");
  try {
    await navigator.clipboard.writeText(code.textContent);
    said(button, "Copied");
  } catch {
    // No clipboard without https, or none allowed: then it is a keystroke away.
    getSelection().selectAllChildren(code);
    said(button, "Selected: press Ctrl+C");
  }
});
