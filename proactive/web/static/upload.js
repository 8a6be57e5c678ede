// Files are measured before they are sent: what is too large is said at once, not after a minute.

const MEGABYTE = 1 << 20;

function wrong(files, most, room) {
  if (files.length > most) return `Choose at most ${most} at once.`;
  const large = [...files].find((each) => each.size > room);
  return large ? `${large.name} is too large: ${Math.ceil(large.size / MEGABYTE)} MB, and ${room / MEGABYTE} MB are the most.` : "";
}

for (const form of document.querySelectorAll("[data-upload]")) {
  const input = form.querySelector("[type=file]");
  const note = form.querySelector("[data-wrong]");
  input.addEventListener("change", () => {
    const words = wrong(input.files, Number(form.dataset.most), Number(form.dataset.room));
    note.textContent = words;
    note.hidden = !words;
    input.setCustomValidity(words);
  });
}
