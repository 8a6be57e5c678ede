// This device: turns notifications on when somebody taps, tries them, and turns them off.

import { reload, send } from "./app.js";
import { note, noted, state, subscribe, worker } from "./push.js";

const card = document.getElementById("push");
const key = card.dataset.key;

function show(now) {
  for (const each of card.querySelectorAll("[data-state]")) each.hidden = each.dataset.state !== now;
}

function say(selector, words) {
  for (const each of card.querySelectorAll(".trouble, .said")) each.hidden = true;
  if (!words) return;
  card.querySelector(`${selector} span`).textContent = words;
  card.querySelector(selector).hidden = false;
}

const DO = {
  async on() {
    const allowed = await Notification.requestPermission();
    if (allowed === "denied") return show("denied");
    if (allowed !== "granted") return say(".trouble", "Your browser did not get your permission. Tap again to be asked again.");
    show(await subscribe(key));
    say(".said", "Notifications are on. Try them.");
  },
  async test() {
    const { subscription } = await noted();
    const answer = await send("/device/test", { endpoint: subscription.endpoint });
    const said = await answer.json();
    if (!answer.ok) return say(".trouble", said.detail);
    show(said.state);
    if (said.state === "on") say(".said", "It is on its way, and should be here in a few seconds.");
  },
  async off() {
    const found = await (await worker()).pushManager.getSubscription();
    const endpoint = found?.endpoint ?? (await noted())?.subscription.endpoint ?? "";
    await send("/device/unsubscribe", { endpoint });
    await found?.unsubscribe();
    await note(null);
    show("asking");
  },
};

card.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  say("");
  button.setAttribute("aria-busy", "true");
  try {
    await DO[button.dataset.do]();
  } catch (error) {
    say(".trouble", navigator.onLine ? `That did not work: ${error.message}` : "There is no network. Try again when there is.");
  }
  button.removeAttribute("aria-busy");
  reload([document.getElementById("browsers")]);
});

show(await state(key).catch(() => (key ? "asking" : "unset")));
