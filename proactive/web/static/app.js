// What every page does: goes on living while it is open, and says so when it cannot. Pages work without it.
//
// A part of a page with an id and `data-live="rules told"` is loaded again when one of these topics changed;
// with `data-each-minute` also once a minute, since what it says depends on the time.

const BUSY_AFTER = 150; // ms after which a part that loads shows it
const PACE = 2000; // ms between two loads, whatever happens meanwhile

export function formWord() {
  return document.body.dataset.form ?? "";
}

/** Send a change to the server as a form would; answers the response. */
export function send(href, values = {}) {
  const body = new URLSearchParams(values);
  return fetch(href, { method: "POST", body, headers: { "X-Form": formWord() } });
}

// --- parts that live ---

let loading = false;
let wanted = null;
let last = 0;

export async function reload(parts) {
  const ids = new Set([...parts].map((part) => part.id).filter(Boolean));
  if (ids.size === 0 || document.hidden) return;
  if (loading) { wanted = new Set([...(wanted ?? []), ...ids]); return; }
  loading = true;
  await pause(Math.max(0, last + PACE - Date.now()));
  const slow = setTimeout(() => ids.forEach((id) => document.getElementById(id)?.classList.add("loading")), BUSY_AFTER);
  try {
    const answer = await fetch(location.href, { headers: { "X-Part": [...ids].join(" ") } });
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) { location.reload(); return; }
    if (answer.ok) replace(ids, await answer.text());
    online(true);
  } catch {
    online(false);
  } finally {
    clearTimeout(slow);
    ids.forEach((id) => document.getElementById(id)?.classList.remove("loading"));
    last = Date.now();
    loading = false;
    if (wanted) { const next = [...wanted].map((id) => document.getElementById(id)).filter(Boolean); wanted = null; reload(next); }
  }
}

/** Put parts of a page that was loaded again in place of the old ones. */
export function replace(ids, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  for (const id of ids) {
    const old = document.getElementById(id);
    const now = fresh.getElementById(id);
    // Nothing is taken from under somebody's fingers.
    if (!old || !now || old.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")) continue;
    if (old.innerHTML === now.innerHTML) continue;
    if (old.dataset.keyed !== undefined) { keyed(old, now); continue; }
    const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    old.replaceWith(document.adoptNode(now));
    if (focused) now.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  }
}

/** Put in what is new and take out what is gone, child by child, each known by its id: what stays as it was is not touched. */
function keyed(old, now) {
  const stays = new Set([...now.children].map((each) => each.id));
  for (const child of [...old.children]) if (!stays.has(child.id)) child.remove();
  for (const [place, child] of [...now.children].entries()) {
    const known = [...old.children].find((each) => each.id === child.id);
    if (known?.outerHTML === child.outerHTML) continue;
    if (known?.contains(document.activeElement) && document.activeElement.matches("textarea")) continue;
    if (known) known.replaceWith(document.adoptNode(child));
    else old.insertBefore(document.adoptNode(child), old.children[place] ?? null);
  }
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

const TOPICS = ["rules", "told", "seen", "home", "talk"];

function listen() {
  const parts = () => document.querySelectorAll("[data-live]");
  if (!formWord() || !document.querySelector("[data-live], [data-hears]")) return;
  const changed = (topics) => {
    for (const topic of topics) document.dispatchEvent(new CustomEvent("live", { detail: topic }));
    reload([...parts()].filter((part) => part.dataset.live.split(" ").some((each) => topics.includes(each))));
  };
  const stream = new EventSource("/live");
  // What is told from now on began with another stamp than this page: something changed before we listened.
  stream.addEventListener("hello", (event) => { online(true); if (event.data !== document.body.dataset.stamp) changed(TOPICS); });
  stream.addEventListener("error", () => online(navigator.onLine && stream.readyState === EventSource.CONNECTING ? null : false));
  for (const topic of TOPICS) stream.addEventListener(topic, () => changed([topic]));
  setInterval(() => reload(document.querySelectorAll("[data-each-minute]")), 60_000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) reload(parts()); });
}

let doubt = null;

/** Show or take away that we are offline; null is a doubt, which shows after some seconds. */
function online(yes) {
  const note = document.querySelector(".offline");
  if (!note) return;
  clearTimeout(doubt);
  if (yes === null) doubt = setTimeout(() => { note.hidden = false; }, 4000);
  else note.hidden = yes;
}

addEventListener("offline", () => online(false));

// --- forms ---

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.sure ?? form.dataset.confirm;
  if (question && !confirm(question)) { event.preventDefault(); return; }
  form.querySelector("button:not([type=button])")?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => document.querySelectorAll("[aria-busy]").forEach((each) => each.removeAttribute("aria-busy")));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.querySelector("span").textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(source); // without TLS a page may not write the clipboard
  }
});

for (const input of document.querySelectorAll("[data-time-zone]")) {
  input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || input.value;
}

// An address keeps no word about what was just done, so that loading again does not say it again.
if (new URLSearchParams(location.search).has("said")) history.replaceState(null, "", location.pathname);

listen();
