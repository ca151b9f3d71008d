// Keeps a preview's progress up to date; once it is worked out, the page is asked for as a whole.
"use strict";

const EVERY_MS = 1500;
const panel = document.getElementById("panel");

async function refresh() {
  const answer = await fetch(panel.dataset.address, { redirect: "error" });
  if (!answer.ok) throw new Error(`panel: ${answer.status}`);
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  if (fresh.content.querySelector('[data-settled="yes"]')) return location.reload();
  const bar = panel.querySelector("progress");
  const now = fresh.content.querySelector("progress");
  bar.value = now.value;
  bar.max = now.max;
  panel.querySelector(`label[for="${bar.id}"]`).textContent = fresh.content.querySelector("label").textContent;
}

setInterval(() => document.hidden || refresh().catch(() => {}), EVERY_MS);
