// Talk: what one says is answered in place, without losing what is being typed. Whoever hears speech hands it to `talk.send`.
//
// Other scripts: import { talk } from "./talk.js"; await talk.send("tell me if ..."). The document's event `answered` says which turn
// has its answer on the page.

import { formWord, replace } from "./app.js";

const log = document.getElementById("talk-log");
const form = document.getElementById("talk-form");
const text = document.getElementById("talk-text");
const wait = document.getElementById("talk-wait");
const said = document.getElementById("talk-said");
const status = document.getElementById("talk-status");
const draft = document.getElementById("talk-draft");
const wrong = document.getElementById("talk-wrong");

let busy = false;

export const talk = {
  /** Say something as if it was typed. Answers the number of the turn, or null where it was not taken. */
  async send(words) {
    words = words.trim();
    if (!words || busy) return null;
    return told(words, () => post("/talk", new URLSearchParams({ text: words }), { Accept: "application/x-ndjson" }).then(lines));
  },
  /** Show how something that was said is answered, by the lines that tell it. Answers as `send`. */
  async follow(words, lines) {
    return told(words, async () => lines);
  },
  /** Show what somebody has said so far; an empty text takes it away. */
  hears(words) {
    if (words && said.textContent === words) return;
    said.textContent = words;
    wait.classList.add("hears");
    wait.hidden = !words;
    if (words) down();
  },
  /** Put words where they can be changed before they are said. */
  type(words) { text.value = words; text.focus(); },
  /** Say what went wrong; an empty text takes it away. */
  trouble(words) { say(words); },
  /** Say something about the conversation to whoever looks or listens; an empty text takes it away. */
  status(words) { status.textContent = words; },
};

/** Show words and how far they are read, then the conversation with its answer. */
async function told(words, begin) {
  busy = true;
  show(words);
  try {
    const at = await hear(await begin());
    await fresh();
    document.dispatchEvent(new CustomEvent("answered", { detail: at }));
    return at;
  } catch (error) {
    say(error.said ?? "You are offline. It was not sent.");
    if (!text.value) text.value = words;
    return null;
  } finally {
    busy = false;
    wait.hidden = true;
    down();
  }
}

/** Follow the lines that tell how far words are read. */
async function hear(lines) {
  const began = Date.now();
  for await (const line of lines) {
    if (line.wrong) throw Object.assign(new Error(), { said: line.wrong });
    if (line.done) return line.done;
    if (line.draft) draft.textContent = `So far: ${line.draft}`;
    const seconds = Math.round((Date.now() - began) / 1000);
    if (seconds >= 1) status.textContent = draft.textContent ? `Thinking it over (${seconds} s)` : `Reading (${seconds} s)`;
  }
  throw Object.assign(new Error(), { said: "The answer broke off. Try again." });
}

async function* lines(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) yield JSON.parse(part);
  }
}

async function post(href, body, headers = {}) {
  const answer = await fetch(href, { method: "POST", body, headers: { "X-Form": formWord(), ...headers } });
  if (answer.status === 401) location.reload();
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(), { said: problem.detail ?? "That did not work. Try again in a moment." });
}

/** Load the conversation again, and put in what is new. */
async function fresh() {
  const answer = await fetch("/talk");
  if (new URL(answer.url).pathname !== "/talk") { location.reload(); return; }
  replace(["talk-log"], await answer.text());
  head(Boolean(log.querySelector(".turn")));
}

function head(talking) {
  // The heading gives way to the conversation; what deletes it comes with the next whole page.
  document.querySelector(".talk-head h1").classList.toggle("visually-hidden", talking);
}

function show(words) {
  say("");
  said.textContent = words;
  status.textContent = "Reading";
  draft.textContent = "";
  wait.classList.remove("hears");
  wait.hidden = false;
  document.getElementById("talk-empty")?.setAttribute("hidden", "");
  down();
}

function say(words) {
  wrong.textContent = words;
  wrong.hidden = !words;
}

function down() {
  const last = wait.hidden ? log.lastElementChild : wait;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const long = last && last.offsetHeight > innerHeight - 220;
  if (long) last.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  else scrollTo({ top: document.body.scrollHeight, behavior: calm ? "auto" : "smooth" });
}

// --- what is typed and tapped ---

document.addEventListener("submit", async (event) => {
  const target = event.target;
  if (event.defaultPrevented || !(target.closest(".talk"))) return;
  if (target.getAttribute("action") === "/talk/forget") return;
  event.preventDefault();
  const by = event.submitter;
  if (target.dataset.say !== undefined) {
    const words = target === form ? text.value : by.value;
    if (target === form) text.value = "";
    await talk.send(words);
    target.querySelectorAll("[aria-busy]").forEach((each) => each.removeAttribute("aria-busy"));
    if (target === form || !target.isConnected) text.focus({ preventScroll: true });
    return;
  }
  await tap(by?.getAttribute("formaction") ?? target.getAttribute("action"), new URLSearchParams(new FormData(target)));
});

/** Answer a card; what it says afterwards is put in place. */
async function tap(href, values) {
  say("");
  try {
    await post(href, values, { Accept: "application/json" });
  } catch (error) {
    say(error.said ?? "You are offline. Nothing was changed.");
  }
  await fresh().catch(() => {});
  text.focus({ preventScroll: true });
  down();
  const at = /^\/talk\/(\d+)\//.exec(href)?.[1];
  if (at && wrong.hidden) document.dispatchEvent(new CustomEvent("answered", { detail: at }));
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-change]")) return;
  text.placeholder = "For example: make it one o’clock";
  text.focus();
});

text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

if (log.querySelector(".turn")) down();
if (matchMedia("(hover: hover)").matches) text.focus({ preventScroll: true });
