// What works on this device, tried where that can be tried, and what to do where it does not.

const WORKER = "/trust/worker.js";

function say(name, well, words) {
  const row = document.querySelector(`[data-check="${name}"]`);
  row.dataset.well = well ? "yes" : "no";
  row.querySelector(".hint").textContent = (well ? "Yes. " : "No. ") + words;
}

/** Browsers take a worker only from a machine that they trust, even where somebody went past a warning. */
async function trusts() {
  if (!window.isSecureContext || !("serviceWorker" in navigator)) return false;
  try {
    const worker = await navigator.serviceWorker.register(WORKER, { scope: "/trust/" });
    await worker.unregister();
    return true;
  } catch {
    return false;
  }
}

async function allowed(name) {
  try {
    return (await navigator.permissions.query({ name })).state !== "denied";
  } catch {
    return true; // it cannot be asked; the person will be
  }
}

const ITS_SETTINGS = "You said no before; the settings of the browser for this site take that back.";
const apple = /iPhone|iPad/.test(navigator.userAgent);

function encrypted() {
  const well = location.protocol === "https:";
  const here = window.isSecureContext;
  say("secure", well || here, well ? "Nobody on the way can read along." : here ? "It never leaves this machine." : "Open it by https.");
}

async function push(trusted) {
  if (!trusted) return say("push", false, "Needs a machine that this device trusts: the steps below.");
  if (!("PushManager" in window)) {
    return say("push", false, apple ? "Add it to the Home Screen first, and open it from there." : "This browser has none.");
  }
  const may = await allowed("notifications");
  say("push", may, may ? "They come even with the page closed, once you turn them on." : ITS_SETTINGS);
}

async function microphone() {
  if (!navigator.mediaDevices?.getUserMedia) return say("microphone", false, "Needs an encrypted address.");
  const may = await allowed("microphone");
  say("microphone", may, may ? "You can talk to it; the browser asks you first." : ITS_SETTINGS);
}

const system = [...document.querySelectorAll("[data-system]")].find((each) =>
  each.dataset.system.split(" ").some((word) => navigator.userAgent.includes(word)));
if (system) system.open = true;

encrypted();
const trusted = await trusts();
say("trusted", trusted, trusted ? "The browser knows this machine." : window.isSecureContext ? "The browser does not know this machine yet." : "Open it by https.");
await push(trusted);
await microphone();
document.getElementById("checks").dataset.done = "yes";
