// Keeps a submission's panel up to date: an event says when, the panel is fetched as usual.
// Where no event can come, it asks every two seconds.
"use strict";

const panel = document.getElementById("panel");
const address = panel.dataset.address;
let polling = 0;
let source = null;

const result = () => panel.querySelector(".result");
const isSettled = () => result()?.dataset.settled === "yes";

async function refresh() {
  const answer = await fetch(`${address}/panel`, { redirect: "error" });
  if (!answer.ok) throw new Error(`panel: ${answer.status}`);
  panel.innerHTML = await answer.text();
  const title = result().dataset.title;
  document.title = `${title} · Chainrule`;
  if (isSettled()) {
    stop();
    document.getElementById("news").textContent = title;
  }
}

function stop() {
  source?.close();
  clearInterval(polling);
  panel.classList.remove("live");
}

function poll() {
  source?.close();
  if (!polling) polling = setInterval(() => refresh().catch(() => {}), 2000);
}

if (!isSettled()) {
  panel.classList.add("live");
  source = new EventSource(`${address}/events`);
  source.addEventListener("change", () => refresh().catch(poll));
  source.addEventListener("away", poll);
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) poll();
  });
}
