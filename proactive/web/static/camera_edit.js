// A camera is tried before it is saved: its picture is shown, or why none comes. Its address goes nowhere but to this server.

import { send } from "./app.js";

const [button, form, shown, why] = ["try", "camera", "tried", "tried-why"].map((id) => document.getElementById(id));
const image = shown.querySelector("img");

async function tried() {
  const answer = await send("/cameras/try", { address: form.elements.address.value, camera: document.getElementById("tried-of").value });
  if (!answer.ok) throw new Error((await answer.json()).detail);
  URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(await answer.blob());
  await image.decode();
}

button.hidden = false;
button.addEventListener("click", async () => {
  button.setAttribute("aria-busy", "true");
  why.hidden = shown.hidden = true;
  try {
    await tried();
    shown.hidden = false;
  } catch (error) {
    why.textContent = error instanceof TypeError ? "You are offline. Try again in a moment." : error.message;
    why.hidden = false;
  } finally {
    button.removeAttribute("aria-busy");
  }
});
