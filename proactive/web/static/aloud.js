// Aloud: what was answered is read aloud, by a button beside it, or each answer by itself where somebody wants that on this device.

import { talk } from "./talk.js";

const KEY = "proactive.aloud";
const option = document.getElementById("aloud-option");
const sound = new Audio();
let asked = 0;

/** Be silent: somebody is about to speak. */
export function hush() {
  asked += 1;
  sound.pause();
}

async function read(at, by = null) {
  hush();
  const own = asked;
  by?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`/talk/${at}/aloud`, { headers: { Accept: "application/json" } });
    if (!answer.ok) { talk.trouble((await answer.json().catch(() => ({}))).detail ?? "That cannot be read aloud now."); return; }
    const data = await answer.blob();
    if (own === asked) await play(data);
  } catch (error) {
    if (error.name === "NotAllowedError") talk.trouble("This browser makes no sound by itself. Tap “Read aloud” beside the answer.");
    else if (error.name !== "AbortError") talk.trouble("You are offline, so nothing can be read aloud.");
  } finally {
    by?.removeAttribute("aria-busy");
  }
}

async function play(data) {
  if (sound.src.startsWith("blob:")) URL.revokeObjectURL(sound.src);
  sound.src = URL.createObjectURL(data);
  await sound.play();
}

// --- the option, kept on this device ---

let each = wanted();

function wanted() {
  try { return localStorage.getItem(KEY) === "yes"; } catch { return false; }
}

function show() {
  option.setAttribute("aria-pressed", String(each));
}

option.addEventListener("click", () => {
  each = !each;
  try { localStorage.setItem(KEY, each ? "yes" : "no"); } catch { /* it is kept until the page is closed */ }
  show();
  if (each) bless();
  else hush();
});

let blessed = false;

/** Play nothing, once, while somebody taps: phones let a page play by itself only what played in a tap before. */
function bless() {
  if (blessed || !sound.paused) return;
  blessed = true;
  sound.src = new URL("silence.wav", import.meta.url);
  sound.play().catch(() => { blessed = false; });
}

document.addEventListener("pointerup", () => { if (each) bless(); });
document.addEventListener("answered", (event) => { if (each) read(event.detail); });
document.addEventListener("click", (event) => {
  const by = event.target.closest("[data-aloud]");
  if (!by) return;
  if (!sound.paused) hush();
  else read(by.dataset.aloud, by);
});

show();
option.hidden = false;
