// Pictures that live: a part with `data-picture="2"` is loaded again every two seconds, once its new pictures are there.
//
// Where that fails, the pictures that stay are of before, and say so.

const BREATH = 500; // ms at least between two loads, however slow

async function refresh(part) {
  const answer = await fetch(location.href, { headers: { "X-Part": part.id } });
  if (answer.redirected && new URL(answer.url).pathname !== location.pathname) { location.reload(); return part; }
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
  if (!fresh) throw new Error("the part is gone");
  const next = document.adoptNode(fresh);
  await Promise.all([...next.querySelectorAll("img")].map((image) => image.decode().catch(() => {})));
  if (next.innerHTML === part.innerHTML) return part;
  const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  part.replaceWith(next);
  if (focused) next.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  return next;
}

/** Mark pictures that are on the screen as old: nobody knows what is there now. */
function doubt(part) {
  for (const picture of part.querySelectorAll(".picture")) {
    picture.classList.add("old");
    const badge = picture.querySelector(".badge");
    if (badge) badge.textContent = "Old";
  }
}

async function keepFresh(part) {
  for (;;) {
    await new Promise((done) => setTimeout(done, Math.max(BREATH, Number(part.dataset.picture) * 1000)));
    if (document.hidden) continue;
    try {
      part = await refresh(part);
    } catch {
      doubt(part);
    }
  }
}

for (const part of document.querySelectorAll("[data-picture]")) keepFresh(part);
addEventListener("offline", () => document.querySelectorAll("[data-picture]").forEach(doubt));
