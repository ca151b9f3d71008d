// The hand-in form takes a dropped file as well, and says before the upload what cannot be taken.
"use strict";

const form = document.querySelector("form.hand-in");
const drop = form?.querySelector(".drop");
const field = form?.querySelector("input[type=file]");

function tell(text) {
  form.querySelector(".drop-say").textContent = text;
}

function look() {
  const [file] = field.files;
  if (!file) return;
  const kilobytes = Math.ceil(file.size / 1024);
  const most = Number(form.dataset.limitKb);
  const fits = kilobytes <= most;
  field.setCustomValidity(fits ? "" : `This file has ${kilobytes} kB; at most ${most} kB are taken.`);
  tell(fits ? `${file.name} is ready` : `${file.name} is too large: ${kilobytes} kB`);
  if (fits) form.querySelector("button").focus();
  else field.reportValidity();
}

if (form) {
  const isTouched = matchMedia("(pointer: coarse)").matches;
  tell(isTouched ? "Choose your Python file" : "Drop your Python file here");
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
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    look();
  });
}
