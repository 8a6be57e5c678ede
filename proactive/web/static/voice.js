// Voice: tap to talk. One turn at a time: the microphone is open, its sound goes over a websocket, and what was said comes back,
// first so far, then all of it with its answer. It ends by itself when one has finished; another tap, or letting go of the
// space bar that was held down, ends it at once; Escape throws it away.

import { hush } from "./aloud.js";
import { formWord } from "./app.js";
import { microphone } from "./microphone.js";
import { talk } from "./talk.js";

const HELD = 600; // ms from which on a key was held down, and letting go ends the turn
const MUTE = 0.0005; // a level that no open microphone is under
const DEAF_AFTER = 2000; // ms of it

const place = document.getElementById("talk-voice");
const button = document.getElementById("voice-tap");
const strip = document.getElementById("voice-live");
const words = document.getElementById("voice-words");
const status = document.getElementById("voice-status");
const bars = [...strip.querySelectorAll(".level i")];
const doubt = document.getElementById("voice-doubt");
const asked = document.getElementById("voice-asked");
const why = document.getElementById("voice-why");

const WHY = {
  noise: "It was hard to hear.",
  cut: "I listen for 20 seconds at a time, and you were still speaking.",
};

let turn = null;

// --- one turn ---

async function begin() {
  hush();
  put("");
  talk.trouble(place.dataset.deaf);
  if (place.dataset.deaf) return;
  turn = { live: true, waiting: [], socket: null, mic: null };
  const own = turn;
  shows("asking", "Waiting for the microphone");
  try {
    own.mic = await microphone((pcm, level) => take(own, pcm, level), () => stop(own, "The microphone is gone. Tap and say it again."));
    if (!own.live) { own.mic.close(); return; }
    shows("listening", "Listening");
    own.loud = performance.now();
    own.socket = connect(own);
    await follow(own);
  } catch (error) {
    stop(own, error.said ?? "That did not work. Try again, or type.");
  } finally {
    stop(own);
  }
}

/** Take what the microphone heard: send it, or keep it until there is somebody to send it to. */
function take(own, pcm, level) {
  if (!own.live || own.rested) return;
  if (own.socket?.readyState === WebSocket.OPEN) own.socket.send(pcm);
  else own.waiting.push(pcm);
  meter(level);
  if (level > MUTE) own.loud = performance.now();
  else if (performance.now() - own.loud > DEAF_AFTER) shows("listening", "I hear nothing at all. Is the microphone muted?");
}

function connect(own) {
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/talk/voice`, ["proactive.voice", formWord()]);
  socket.addEventListener("open", () => { for (const pcm of own.waiting.splice(0)) socket.send(pcm); if (own.rested) socket.send("end"); });
  return socket;
}

/** Show what is heard, until there is something to answer. */
async function follow(own) {
  const told = messages(own.socket);
  for (let { value, done } = await told.next(); !done; { value, done } = await told.next()) {
    if (!own.live) return;
    if (value.so_far) { talk.hears(value.so_far); if (!own.rested) shows("listening", "Listening"); }
    if (value.over) rest(own);
    if (value.wrong) { stop(own, value.wrong); return; }
    if (value.nobody) { stop(own, "I heard nobody speak. Tap, then speak at once, near the microphone."); return; }
    if (value.doubt) { stop(own); ask(value.doubt, value.why); return; }
    if (value.heard) { put(""); await talk.follow(value.heard, told); return; }
  }
  if (own.live) stop(own, await reason());
}

/** Yield what the server tells, until it has told all. */
async function* messages(socket) {
  const came = [];
  let wake = () => {};
  let over = false;
  socket.addEventListener("message", (event) => { came.push(JSON.parse(event.data)); wake(); });
  socket.addEventListener("close", () => { over = true; wake(); });
  for (;;) {
    while (came.length) yield came.shift();
    if (over) return;
    await new Promise((done) => { wake = done; });
  }
}

/** Say why a connection ended that should not have. */
async function reason() {
  try {
    const answer = await fetch("/talk");
    if (new URL(answer.url).pathname !== "/talk") location.reload();
    return "The connection broke off. Nothing was done. Tap and say it again.";
  } catch {
    return "You are offline. Nothing was done.";
  }
}

/** Close the microphone: what was said is being worked out. */
function rest(own) {
  if (own.rested || !own.mic) return;
  own.rested = true;
  own.mic.close();
  shows("thinking", "Working out what you said");
  if (own.socket?.readyState === WebSocket.OPEN) own.socket.send("end");
}

/** End a turn, whatever it was about to do; say why where there is a reason. */
function stop(own, reason = "") {
  if (reason) talk.trouble(reason);
  if (!own.live) return;
  own.live = false;
  own.mic?.close();
  own.socket?.close();
  if (turn !== own) return;
  turn = null;
  talk.hears("");
  put("");
  shows("idle", "");
}

// --- what is shown ---

const LABELS = { idle: "Talk", asking: "Cancel", listening: "Done", thinking: "Cancel" };

function shows(state, told) {
  place.dataset.state = strip.dataset.state = state;
  button.setAttribute("aria-label", LABELS[state]);
  button.setAttribute("aria-pressed", String(state === "listening"));
  if (status.textContent !== told) status.textContent = told;
  words.textContent = told;
  put(state === "idle" ? "" : "live");
}

/** Show the strip in the place of the field, the question, or neither. */
function put(what) {
  strip.hidden = what !== "live";
  document.getElementById("talk-form").classList.toggle("hearing", what === "live");
  doubt.hidden = what !== "doubt";
}

function meter(level) {
  const loud = Math.max(0, Math.min(1, (20 * Math.log10(level + 1e-5) + 60) / 50));
  bars.forEach((bar, i) => { bar.style.transform = `scaleY(${0.12 + loud * [0.5, 0.8, 1, 0.75, 0.45][i]})`; });
}

// --- what was hard to hear ---

function ask(text, reason) {
  asked.textContent = text;
  why.textContent = WHY[reason] ?? "";
  put("doubt");
  doubt.scrollIntoView({ block: "nearest" });
  doubt.querySelector("button").focus({ preventScroll: true });
}

doubt.addEventListener("click", (event) => {
  const answer = event.target.closest("[data-answer]")?.dataset.answer;
  if (!answer) return;
  const text = asked.textContent;
  put("");
  if (answer === "yes") talk.send(text);
  else if (answer === "again") { button.focus(); begin(); }
  else talk.type(text);
});

// --- taps and keys ---

function press() {
  if (!turn) begin();
  else if (turn.mic && !turn.rested) rest(turn);
  else stop(turn);
}

let held = 0;
button.addEventListener("click", press);
button.addEventListener("keydown", (event) => {
  if (event.code !== "Space") return;
  event.preventDefault(); // else letting go taps once more
  if (event.repeat) return;
  held = turn ? 0 : event.timeStamp;
  press();
});
button.addEventListener("keyup", (event) => {
  if (event.code !== "Space") return;
  event.preventDefault();
  if (turn && held && event.timeStamp - held > HELD) press();
});
document.getElementById("voice-cancel").addEventListener("click", () => { if (turn) stop(turn); button.focus(); });
addEventListener("keydown", (event) => { if (event.key === "Escape" && turn) { stop(turn); button.focus(); } });
document.addEventListener("visibilitychange", () => { if (document.hidden && turn && !turn.rested) stop(turn); });
addEventListener("pagehide", () => { if (turn) stop(turn); });

place.hidden = false;
