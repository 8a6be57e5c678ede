// The timeline lives: what is new is put at its top, and nothing that somebody reads moves.

const list = document.getElementById("entries");
const fresh = document.getElementById("fresh");
const PACE = 2000; // ms between two looks
let busy = false;
let again = false;
let unseen = 0;

async function look() {
  if (busy || document.hidden) { again = true; return; }
  busy = true;
  again = false;
  try {
    const from = new URL(list.dataset.from, location.href);
    from.searchParams.set("after", list.dataset.newest);
    const answer = await fetch(from);
    if (answer.ok && !answer.redirected) add(await answer.text());
  } catch { /* app.js says that we are offline; the next change is looked at again */ }
  await new Promise((done) => setTimeout(done, PACE));
  busy = false;
  if (again) look();
}

function add(text) {
  const part = document.createElement("template");
  part.innerHTML = text;
  const news = part.content.querySelectorAll("[data-place]");
  if (news.length === 0) return;
  list.dataset.newest = news[0].dataset.place;
  const days = part.content.querySelectorAll(".day-head");
  const first = list.querySelector("[data-place]");
  const top = first?.getBoundingClientRect().top;
  const old = list.querySelector(".day-head");
  if (old?.dataset.day === days[days.length - 1].dataset.day) old.remove();
  list.prepend(part.content);
  document.getElementById("happened").hidden = false;
  document.querySelector(".empty")?.remove();
  if (first && scrollY > 80) {
    scrollBy(0, first.getBoundingClientRect().top - top);
    unseen += news.length;
    fresh.firstElementChild.textContent = `${unseen} new`;
    fresh.hidden = false;
  }
}

fresh.addEventListener("click", () => { scrollTo({ top: 0 }); list.querySelector("a")?.focus({ preventScroll: true }); });
addEventListener("scroll", () => { if (scrollY <= 80) { unseen = 0; fresh.hidden = true; } }, { passive: true });
document.addEventListener("visibilitychange", () => { if (!document.hidden && again) look(); });
if (list.dataset.hears) document.addEventListener("live", (event) => { if (list.dataset.hears.split(" ").includes(event.detail)) look(); });
