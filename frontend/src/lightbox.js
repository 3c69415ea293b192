// Pictures of a timeline, large: arrows walk through all of them, Esc goes back.
import { openDialog } from "./dialog.js";
import { icon } from "./icon.js";
import { say } from "./words.js";

const pictures = (link) => [...(link.closest("[data-flow]") ?? document).querySelectorAll(".v-file:has(img)")];

const open = (all, start) => {
  const dialog = openDialog('<dialog class="v-lightbox" data-dialog><figure><img alt=""><figcaption></figcaption></figure></dialog>');
  const image = dialog.querySelector("img");
  let at = start;
  const show = (step) => {
    at = (at + step + all.length) % all.length;
    const name = all[at].querySelector("img").alt;
    image.src = all[at].href;
    image.alt = name;
    dialog.setAttribute("aria-label", name);
    dialog.querySelector("figcaption").textContent = all.length > 1 ? `${name}, ${at + 1}/${all.length}` : name;
    dialog.querySelector("a").href = all[at].href;
  };
  const bar = Object.assign(document.createElement("div"), { className: "v-lightbox-bar" });
  if (all.length > 1) bar.append(button("chevron-left", "light.back", () => show(-1)), button("chevron-right", "light.next", () => show(1)));
  const file = Object.assign(document.createElement("a"), { className: "btn v-ghost v-icon", target: "_blank", title: say("light.open") });
  file.setAttribute("aria-label", say("light.open"));
  file.append(icon("external-link"));
  const close = button("x", "light.close");
  close.dataset.close = "";
  bar.append(file, close);
  dialog.append(bar);
  show(0);
  close.focus();
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) show(step);
  });
};

const button = (picture, word, run = () => {}) => {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "btn v-ghost v-icon", title: say(word) });
  made.setAttribute("aria-label", say(word));
  made.append(icon(picture));
  made.addEventListener("click", run);
  return made;
};

// names for the sprite: icon("chevron-left") icon("chevron-right") icon("external-link") icon("x")
export const startLightbox = () => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".v-file:has(img)");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const all = pictures(link);
    open(all, all.indexOf(link));
  });
};
