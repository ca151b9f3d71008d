// Keeps progress up to date; once something has come to an end, the page is asked for as a whole.
"use strict";

const EVERY_MS = 1500;
const panel = document.getElementById("panel");

async function refresh() {
  const answer = await fetch(panel.dataset.address, { redirect: "error" });
  if (!answer.ok) throw new Error(`panel: ${answer.status}`);
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  for (const bar of panel.querySelectorAll("progress")) {
    const now = fresh.content.getElementById(bar.id);
    if (!now) return location.reload();
    bar.value = now.value;
    bar.max = now.max;
    const label = `label[for="${bar.id}"]`;
    panel.querySelector(label).textContent = fresh.content.querySelector(label).textContent;
  }
}

setInterval(() => document.hidden || refresh().catch(() => {}), EVERY_MS);
