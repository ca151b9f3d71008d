// The hand-in form takes a dropped file as well, and says before the upload what cannot be taken.
"use strict";

const form = document.querySelector("form.hand-in");
const drop = form?.querySelector(".drop");
const field = form?.querySelector("input[type=file]");
const isTouched = matchMedia("(pointer: coarse)").matches;
const invitation = isTouched ? "Choose your Python file" : "Drop your Python file here";

/** Say where the file belongs or that it is ready; and, with a problem, why it cannot be taken. */
function tell(text, problem = "") {
  form.querySelector(".drop-say").textContent = text;
  const wrong = form.querySelector(".field-wrong");
  wrong.querySelector("span").textContent = problem;
  wrong.hidden = !problem;
  field.setCustomValidity(problem);
  field.ariaInvalid = problem ? "true" : null;
}

function look() {
  const [file] = field.files;
  if (!file) return tell(invitation);
  const kilobytes = Math.ceil(file.size / 1024);
  const isNotebook = file.name.toLowerCase().endsWith(".ipynb");
  const most = Number((isNotebook && form.dataset.notebookKb) || form.dataset.limitKb);
  if (kilobytes <= most) {
    tell(`${file.name} is ready`);
    form.querySelector("button").focus();
  } else {
    const what = `${file.name} is too large: it has ${kilobytes} kB, and at most ${most} kB are taken.`;
    tell(invitation, `${what} Take data or output out of it, then choose it again.`);
    field.focus();
  }
}

/** Say in our own words, at the field, what is missing; a browser's bubble would cover them. */
function send(event) {
  const [file] = field.files;
  if (file && field.validity.valid) return;
  event.preventDefault();
  if (!file) tell(invitation, "No file is chosen yet. Choose your Python file first.");
  field.focus();
}

if (form) {
  form.noValidate = true;
  tell(invitation);
  form.addEventListener("submit", send);
  field.addEventListener("change", look);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  // A file that misses the zone is meant for it all the same; the browser would open it instead.
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    look();
  });
}
