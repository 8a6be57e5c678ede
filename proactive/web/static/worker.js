// The worker of this site: it shows pushes and carries answers home while no page is open.
//
// It keeps the page for when there is no network, and what that page needs: never a page of anybody's, never a picture.
// `VERSION` and `KEPT` stand before this text where it is served (/worker.js), so that a new version is another worker.
/* global VERSION, KEPT, ICONS */

const SHELF = `proactive-${VERSION}`;
const NOTES = "proactive-notes"; // outlives versions: the subscription as it was made (device.js)
const PATIENCE = 4000; // ms for a picture: away from home it may not be reached, and the words must not wait

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(KEPT)));
});

addEventListener("activate", (event) => event.waitUntil(tidy()));

async function tidy() {
  const old = (await caches.keys()).filter((name) => name !== SHELF && name !== NOTES);
  await Promise.all(old.map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
}

addEventListener("fetch", (event) => {
  const { mode, method, url } = event.request;
  if (mode === "navigate" && method === "GET") event.respondWith(page(event));
  else if (method === "GET" && KEPT.includes(new URL(url).pathname)) event.respondWith(kept(event.request));
});

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match("/offline")) ?? Response.error();
  }
}

async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}

// --- what is told ---

addEventListener("push", (event) => event.waitUntil(receive(event.data?.json() ?? {})));

async function receive(told) {
  if (told.close) return takeAway(told);
  const image = told.image?.startsWith("/") ? await picture(told.image) : told.image;
  await show(told, told.body, { image, silent: told.silent, renotify: !told.silent && Boolean(told.tag) });
}

async function takeAway(told) {
  if (told.title) return show({ ...told, tag: told.close }, told.body, { silent: true });
  for (const shown of await registration.getNotifications({ tag: told.close })) shown.close();
}

async function show(told, body, more = {}) {
  const answers = (told.actions ?? []).map(({ action, title }) => ({ action, title }));
  const actions = [...answers, { action: "show", title: "Show me" }].slice(0, Notification.maxActions ?? 2);
  const options = {
    body, tag: told.tag ?? "", icon: ICONS.icon, badge: ICONS.badge, timestamp: told.time || Date.now(),
    requireInteraction: told.urgency === "critical" || Boolean(told.until), actions: answers.length ? actions : [],
    data: told, ...more,
  };
  if (options.image === undefined) delete options.image;
  await registration.showNotification(told.title || "Proactive", options);
}

/** Return a picture as a text that a notification shows, or undefined where it does not come soon. */
async function picture(path) {
  try {
    const answer = await fetch(path, { credentials: "omit", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) return undefined;
    let text = "";
    for (const byte of new Uint8Array(await answer.arrayBuffer())) text += String.fromCharCode(byte);
    return `data:${answer.headers.get("content-type")};base64,${btoa(text)}`;
  } catch {
    return undefined;
  }
}

// --- what is answered ---

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(answer(event.notification.data ?? {}, event.action));
});

async function answer(told, action) {
  const chosen = (told.actions ?? []).find((each) => each.action === action);
  if (!chosen?.ticket) return open(told.page);
  const wrong = action.startsWith("false:");
  const [said] = await Promise.all([post("/push/answer", { ticket: chosen.ticket }), wrong ? open(`${told.page}/wrong`) : null]);
  if (said === null) return show(told, `That did not get through; tap again when you are online. ${told.body}`);
  if (!said.ok) await show({ ...told, actions: [], until: 0 }, (await said.json()).detail, { silent: true });
}

async function open(path) {
  const wanted = new URL(path || "/", location.origin).href;
  const there = (await clients.matchAll({ type: "window" })).find((client) => client.url === wanted);
  return there ? there.focus() : clients.openWindow(wanted);
}

async function post(path, value) {
  const headers = { "Content-Type": "application/json" };
  try {
    return await fetch(path, { method: "POST", headers, body: JSON.stringify(value), credentials: "omit" });
  } catch {
    return null;
  }
}

// --- where to push ---

addEventListener("pushsubscriptionchange", (event) => event.waitUntil(move(event)));

/** Tell the server where to push from now on; it knows this browser by what only the two of them know. */
async function move({ oldSubscription, newSubscription }) {
  const note = await (await caches.open(NOTES)).match("/subscription");
  const noted = note ? await note.json() : null;
  const old = oldSubscription?.toJSON() ?? noted?.subscription;
  const applicationServerKey = oldSubscription?.options?.applicationServerKey ?? noted?.key;
  if (!old || !applicationServerKey) return;
  const fresh = newSubscription ?? (await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
  await post("/push/moved", { old, fresh });
}
