// Zones drawn on a picture: by finger or mouse, or by keyboard at each corner. The fields of the form are the truth; what is drawn
// is read from them and written back, so that saving, and undoing, need nothing else.

const svg = document.getElementById("canvas");
const shapes = document.getElementById("shapes");
const list = document.getElementById("rows");
const form = document.getElementById("zones");
const told = document.getElementById("told");
const [create, done, undo] = ["new", "done", "undo"].map((id) => document.getElementById(id));
const { width, height } = svg.viewBox.baseVal;

const TAP = 8; // css pixels: a finger that moves less than that taps
const HANDLE = 9, REACH = 22; // radius of a corner as it is seen, and as it is hit
const STEP = 1, LARGE = 5; // hundredths that an arrow key moves, and with shift

let chosen = null; // the row of the zone that is being changed
let drawing = null; // corners of the zone that is being drawn
let drag = null; // what the finger moves
const before = []; // what the form said, step by step, to undo

// --- the fields ---

const rows = () => [...list.children];
const field = (row, name) => row.querySelector(`[name="${name}"]`);
const nameOf = (row) => field(row, "name").value.trim() || "this zone";

function cornersOf(row) {
  const found = field(row, "corners").value.trim().split(/\s+/).map((each) => each.split(",").map(Number));
  return found.filter((each) => each.length === 2 && each.every(Number.isFinite));
}

function write(row, corners) {
  field(row, "corners").value = corners.map((each) => each.map((part) => Math.round(part * 100) / 100).join(",")).join(" ");
}

function add(values) {
  const row = document.getElementById("row").content.firstElementChild.cloneNode(true);
  for (const [name, value] of Object.entries(values)) field(row, name).value = value;
  list.append(row);
  return row;
}

const state = () => JSON.stringify(rows().map((row) => ["was", "name", "corners"].map((name) => field(row, name).value)));

/** Remember how things are, so that what comes now can be undone. */
function remember() {
  const now = state();
  if (before.at(-1) !== now) before.push(now);
  undo.disabled = false;
}

function goBack() {
  if (drawing?.length) { drawing.pop(); return show(); }
  drawing = null;
  const now = state();
  let then = before.pop();
  while (then === now && before.length) then = before.pop();
  const known = new Map(rows().map((row) => [field(row, "was").value, row]));
  const place = rows().indexOf(chosen);
  if (then && then !== now) list.replaceChildren(...JSON.parse(then).map(([was, name, corners]) => {
    const row = (was && known.get(was)) || add({ was });
    field(row, "name").value = name;
    field(row, "corners").value = corners;
    return row;
  }));
  chosen = rows()[place] ?? null;
  undo.disabled = before.length === 0;
  show();
}

// --- the picture ---

const scale = () => width / svg.getBoundingClientRect().width;
const onPicture = ([x, y]) => [(x * width) / 100, (y * height) / 100];
const clamped = (value) => Math.min(100, Math.max(0, value));

function placeOf(event) {
  const box = svg.getBoundingClientRect();
  return [clamped(((event.clientX - box.left) / box.width) * 100), clamped(((event.clientY - box.top) / box.height) * 100)];
}

function make(kind, values, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
  for (const [name, value] of Object.entries(values)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const points = (corners) => corners.map((each) => onPicture(each).join(",")).join(" ");
const words = ([x, y]) => `${Math.round(x)} % from the left, ${Math.round(y)} % from the top`;

function zone(row, place) {
  const corners = cornersOf(row);
  if (corners.length < 2) return [];
  const [left, top] = onPicture([Math.min(...corners.map(([x]) => x)), Math.min(...corners.map(([, y]) => y))]);
  return [
    make("polygon", { class: `zone${row === chosen ? " chosen" : ""}`, points: points(corners), "data-zone": place, "data-key": `zone${place}`,
      tabindex: 0, role: "button", "aria-label": `Zone ${nameOf(row)}. Enter to change its corners, arrows to move it`, "aria-pressed": row === chosen }),
    make("text", { x: left + width * 0.01, y: Math.min(top + width * 0.04, height - 4) }, field(row, "name").value),
  ];
}

/** Return the handle of a corner: seen small, hit large. */
function handle([x, y], values) {
  const at = { cx: (x * width) / 100, cy: (y * height) / 100 };
  const reach = make("circle", { ...at, r: REACH * scale(), class: "reach" });
  return make("g", { class: "handle", ...values }, reach, make("circle", { ...at, r: HANDLE * scale() }));
}

function handles(corners) {
  const near = 3 * REACH * scale();
  const halves = corners.map((each, place) => [each, corners[(place + 1) % corners.length], place])
    .filter(([one, other]) => Math.hypot(...onPicture([one[0] - other[0], one[1] - other[1]])) > near)
    .map(([one, other, place]) => handle([(one[0] + other[0]) / 2, (one[1] + other[1]) / 2], { class: "handle half", "data-half": place }));
  const own = corners.map((each, place) => handle(each, { "data-corner": place, "data-key": `corner${place}`, tabindex: 0, role: "button",
    "aria-label": `Corner ${place + 1} of ${corners.length}: ${words(each)}. Arrows move it, plus adds one, Delete takes it away` }));
  return [...halves, ...own];
}

function sketch() {
  const corners = drawing.map((each, place) => handle(each, { class: `handle${place ? "" : " first"}` }));
  return [make("polyline", { class: "zone chosen", points: points(drawing) }), ...corners];
}

function show() {
  const focused = document.activeElement?.dataset?.key;
  const drawn = rows().flatMap(zone);
  if (chosen && !drawing) drawn.push(...handles(cornersOf(chosen)));
  if (drawing) drawn.push(...sketch());
  shapes.replaceChildren(...drawn);
  if (focused) shapes.querySelector(`[data-key="${focused}"]`)?.focus({ preventScroll: true });
  for (const row of rows()) row.classList.toggle("chosen", row === chosen);
  document.getElementById("none").hidden = rows().length > 0;
  done.hidden = !drawing || drawing.length < 3;
  create.hidden = Boolean(drawing);
  svg.classList.toggle("drawing", Boolean(drawing));
  if (drawing) undo.disabled = false;
  else undo.disabled = before.length === 0;
}

function say(text) {
  told.textContent = text;
}

function choose(row) {
  chosen = row;
  drawing = null;
  if (row) say("Drag a corner or the whole zone. Drag a small dot to add a corner.");
  show();
}

/** End a drawing: what was drawn becomes a zone, which asks for its name. */
function finish(corners) {
  remember();
  chosen = add({});
  write(chosen, corners);
  drawing = null;
  show();
  say("Now give it a name.");
  field(chosen, "name").focus();
}

// --- fingers ---

svg.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || drag) return;
  const target = event.target.closest("[data-corner], [data-half], [data-zone]");
  drag = { id: event.pointerId, from: placeOf(event), at: [event.clientX, event.clientY], moved: false, state: state(), kind: "" };
  svg.setPointerCapture(event.pointerId);
  if (drawing) return;
  if (target?.dataset.corner) Object.assign(drag, { kind: "corner", place: Number(target.dataset.corner) });
  else if (target?.dataset.half) Object.assign(drag, { kind: "half", place: Number(target.dataset.half) });
  else if (target) Object.assign(drag, { kind: "zone", row: rows()[Number(target.dataset.zone)] });
  if (drag.kind === "zone") choose(drag.row);
  if (drag.kind) drag.corners = cornersOf(chosen);
});

svg.addEventListener("pointermove", (event) => {
  if (drag?.id !== event.pointerId) return;
  if (!drag.moved && Math.hypot(event.clientX - drag.at[0], event.clientY - drag.at[1]) < TAP) return;
  drag.moved = true;
  const to = placeOf(event);
  if (drawing) drag.box = drawing.length === 0 ? square(drag.from, to) : null;
  if (drag.box) return sketchBox(drag.box);
  if (!drag.kind) return;
  write(chosen, moved(drag, to));
  show();
});

function square([x1, y1], [x2, y2]) {
  return [[x1, y1], [x2, y1], [x2, y2], [x1, y2]];
}

function sketchBox(box) {
  shapes.replaceChildren(...rows().flatMap(zone), make("polygon", { class: "zone chosen", points: points(box) }));
}

/** Return the corners with what the finger moves at its new place. */
function moved({ kind, place, corners, from }, to) {
  if (kind === "corner") return corners.with(place, to);
  if (kind === "half") return corners.toSpliced(place + 1, 0, to);
  return shifted(corners, to[0] - from[0], to[1] - from[1]);
}

function shifted(corners, right, down) {
  const within = (by, values) => Math.min(100 - Math.max(...values), Math.max(-Math.min(...values), by));
  const [x, y] = [within(right, corners.map(([each]) => each)), within(down, corners.map(([, each]) => each))];
  return corners.map((each) => [each[0] + x, each[1] + y]);
}

svg.addEventListener("pointerup", (event) => {
  if (drag?.id !== event.pointerId) return;
  const { moved: far, box, from, kind, state: then } = drag;
  drag = null;
  if (drawing) return far ? box && large(box) ? finish(box) : show() : tap(from);
  if (kind && far) { before.push(then); show(); } else if (!kind) choose(null);
});

const large = ([one, , other]) => Math.abs(one[0] - other[0]) > 2 && Math.abs(one[1] - other[1]) > 2;

function tap(place) {
  const [first] = drawing;
  const near = first && Math.hypot(...onPicture([first[0] - place[0], first[1] - place[1]])) < REACH * scale();
  if (near && drawing.length >= 3) return finish(drawing);
  drawing.push(place);
  say(drawing.length < 3 ? "Tap the next corner." : "Tap the next corner, or Done.");
  show();
}

svg.addEventListener("pointercancel", () => { drag = null; show(); });

// --- keys ---

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

svg.addEventListener("keydown", (event) => {
  const { corner, zone: place } = event.target.dataset;
  const [right, down] = (ARROWS[event.key] ?? [0, 0]).map((each) => each * (event.shiftKey ? LARGE : STEP));
  if (place !== undefined && (event.key === "Enter" || event.key === " ")) choose(rows()[place]);
  else if (place !== undefined && event.key in ARROWS) change(rows()[place], (corners) => shifted(corners, right, down));
  else if (corner !== undefined && event.key in ARROWS) change(chosen, (corners) => corners.with(corner, [clamped(corners[corner][0] + right), clamped(corners[corner][1] + down)]));
  else if (corner !== undefined && event.key === "+") change(chosen, (corners) => split(corners, Number(corner)));
  else if (corner !== undefined && event.key === "Delete") change(chosen, (corners) => (corners.length > 3 ? corners.toSpliced(corner, 1) : corners));
  else return;
  event.preventDefault();
  const now = document.activeElement?.dataset?.corner;
  if (now !== undefined && cornersOf(chosen)[now]) say(`Corner ${Number(now) + 1}: ${words(cornersOf(chosen)[now])}`);
});

function split(corners, place) {
  const [one, other] = [corners[place], corners[(place + 1) % corners.length]];
  return corners.toSpliced(place + 1, 0, [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2]);
}

function change(row, to) {
  remember();
  write(row, to(cornersOf(row)));
  show();
}

addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input");
  if (event.key === "Escape" && drawing) choose(null);
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !typing) { event.preventDefault(); goBack(); }
});

// --- buttons and fields ---

create.addEventListener("click", (event) => {
  chosen = null;
  // A button that is pressed by a key was not touched: whoever cannot tap on the picture gets a zone to move.
  if (event.detail === 0) return finish(square([35, 35], [65, 65]));
  drawing = [];
  say("Drag over the place, or tap its corners one by one.");
  show();
  svg.scrollIntoView({ block: "nearest" });
});
done.addEventListener("click", () => finish(drawing));
undo.addEventListener("click", goBack);

list.addEventListener("click", (event) => {
  const row = event.target.closest("[data-delete]")?.closest("li");
  if (!row) return;
  remember();
  if (chosen === row) chosen = null;
  row.remove();
  say(`${nameOf(row)} is deleted once you save.`);
  show();
});
list.addEventListener("focusin", (event) => {
  const row = event.target.closest("li");
  if (event.target.name === "name" && row !== chosen) choose(row);
  if (event.target.matches("input")) remember();
});
list.addEventListener("input", show);

const first = state();
let saving = false;
form.addEventListener("submit", () => { saving = true; });
addEventListener("pageshow", () => { saving = false; });
addEventListener("beforeunload", (event) => { if (!saving && state() !== first) event.preventDefault(); });
new ResizeObserver(() => { if (!drag) show(); }).observe(svg);
document.getElementById("tools").hidden = false;
show();
