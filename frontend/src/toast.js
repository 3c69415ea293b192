// Messages at the foot: {text, open, tone, for, undo: {url, method, values, label}}. Undo runs out in ten seconds.
import { fireTriggers, reason, send } from "./http.js";
import { apply } from "./partials.js";
import { say } from "./words.js";

const SECONDS = 8;
const UNDO_SECONDS = 10;
const MOST = 4;

export const toast = (message) => {
  const { text, open, tone, undo, initials, for: seconds = undo ? UNDO_SECONDS : SECONDS } = typeof message === "string" ? { text: message } : message;
  const box = document.createElement("div");
  box.className = `v-toast${tone ? ` is-${tone}` : ""}`;
  if (initials) box.append(part("span", "v-ava is-s", initials));
  box.append(part("span", "v-grow", text));
  if (undo) box.append(undoButton(box, undo, seconds));
  if (open) box.append(openLink(open));
  const host = document.getElementById("toasts");
  if (!host) return box;
  while (host.children.length >= MOST) host.firstElementChild.remove();
  host.append(box);
  expire(box, seconds);
  return box;
};

export const fail = (answer) => toast({ text: reason(answer), tone: "late" });

const part = (tag, className, text) => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
};

const openLink = ({ url, label } = {}) => {
  const link = part("a", "v-do", label);
  link.href = url;
  if (/^\/deals\/\d+$/.test(url)) link.dataset.card = url;
  return link;
};

const undoButton = (box, { url, method = "post", values = {}, label }, seconds) => {
  const button = part("button", "", label ?? say("move.back", { seconds }));
  button.type = "button";
  box.append(Object.assign(part("span", "v-left", ""), { ariaHidden: "true" }));
  box.style.setProperty("--for", `${seconds}s`);
  button.addEventListener("click", async () => {
    button.disabled = true;
    const answer = await send(url, { method: method.toUpperCase(), fields: values });
    box.remove();
    if (!answer.ok) return fail(answer);
    apply(answer.text);
    fireTriggers(answer.headers);
  });
  if (!label) {
    let left = seconds;
    const timer = setInterval(() => {
      left -= 1;
      if (left <= 0 || !box.isConnected) clearInterval(timer);
      else button.textContent = say("move.back", { seconds: left });
    }, 1000);
  }
  return button;
};

const expire = (box, seconds) => {
  // what is read or reached for does not run away
  const leave = () => (box.matches(":hover, :focus-within") ? setTimeout(leave, 1500) : box.remove());
  setTimeout(leave, seconds * 1000);
};

export const startToasts = () => {
  document.addEventListener("toast", (event) => {
    const detail = event.detail?.value ?? event.detail;
    const open = typeof detail.open === "string" ? { url: detail.open, label: detail.open_label ?? say("toast.open") } : detail.open;
    toast({ ...detail, open });
  });
  for (const box of document.querySelectorAll("[data-toast]")) expire(box, SECONDS);
};
