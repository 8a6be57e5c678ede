// Notifications of this browser: how they stand, and that a subscription which is lost is noticed on whatever page is open.
//
// What this browser was subscribed with is noted in a cache, which the worker can read as well and which goes with everything
// else when somebody signs out.

import { formWord, send } from "./app.js";

const NOTES = "proactive-notes";
const NOTE = "/subscription";
const EACH = 12 * 3600 * 1000; // ms between two looks whether the server still knows this browser

export const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** Return the registration of the worker, or undefined where there can be none. */
export async function worker() {
  if (!("serviceWorker" in navigator)) return undefined;
  return navigator.serviceWorker.register("/worker.js");
}

export async function noted() {
  const note = self.caches && (await (await caches.open(NOTES)).match(NOTE));
  return note ? note.json() : null;
}

export async function note(value) {
  const notes = await caches.open(NOTES);
  if (value) await notes.put(NOTE, new Response(JSON.stringify(value)));
  else await notes.delete(NOTE);
}

export function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function isOf(subscription, key) {
  const own = subscription.options?.applicationServerKey;
  return !own || String(new Uint8Array(own)) === String(bytes(key));
}

/** Subscribe this browser with a key of the server, and tell the server; answers `on`, or throws what is wrong. */
export async function subscribe(key) {
  const registration = await worker();
  await navigator.serviceWorker.ready;
  let found = await registration.pushManager.getSubscription();
  if (found && !isOf(found, key)) { await found.unsubscribe(); found = null; }
  for (let tries = 0; tries < 2; tries += 1) {
    found ??= await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
    const answer = await send("/device/subscribe", { subscription: JSON.stringify(found) });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.detail);
    if (said.state === "on") { await note({ subscription: found.toJSON(), key, at: Date.now(), session: formWord() }); return "on"; }
    // The push service had forgotten it, so this one is of no use to anybody.
    await found.unsubscribe();
    found = null;
  }
  throw new Error("The push service of this browser does not keep its subscription. Try again later.");
}

async function subscription() {
  return (await worker()).pushManager.getSubscription();
}

/** Return how notifications stand in this browser: unsupported, insecure, unset, denied, asking, on or lost. */
export async function state(key) {
  if (!isSecureContext) return "insecure";
  if (!able) return "unsupported";
  if (!key) return "unset";
  const was = await noted();
  const found = await subscription();
  if (Notification.permission === "denied") return was ? lose(was, "denied") : "denied";
  if (!found || Notification.permission !== "granted") return was ? lose(was, "lost") : "asking";
  return subscribe(key).catch(() => "lost");
}

async function lose(was, as) {
  if (!was.lost) {
    await send("/device/lost", { endpoint: was.subscription.endpoint });
    await note({ ...was, lost: true });
  }
  return as;
}

/** Look after the subscription on any page: where it is lost, say so. */
async function look() {
  await worker();
  const was = await noted();
  if (!was || document.getElementById("push")) return;
  // Another sign-in, perhaps of somebody else: what is pushed here is theirs from now on.
  const fresh = was.session === formWord() && Date.now() - was.at < EACH && Notification.permission === "granted";
  if (was.lost || !(fresh && (await subscription())) && (await state(was.key)) !== "on") document.querySelector(".lost")?.removeAttribute("hidden");
}

if (isSecureContext && "serviceWorker" in navigator) addEventListener("load", () => look().catch(() => {}));
