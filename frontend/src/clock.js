// Ticking clocks: [data-due] counts down to a limit and turns amber, then red; [data-since] tells an age.
import { say } from "./words.js";

let skew;

/** The server's now: the page says when it was made, so a wrong clock of the computer does no harm. */
export const serverNow = () => {
  skew ??= (Number(document.querySelector('meta[name="now"]')?.content) || Date.now()) - (performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.responseEnd ?? 0));
  return Date.now() + skew;
};

export const countdown = (seconds) => {
  const whole = Math.trunc(Math.abs(seconds));
  const pad = (figure) => String(figure).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const text = hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
  return seconds <= -1 ? `−${text}` : text;
};

export const age = (seconds) => {
  if (seconds < 60) return say("unit.s", { n: Math.max(0, Math.floor(seconds)) });
  if (seconds < 3600) return say("unit.min", { n: Math.floor(seconds / 60) });
  if (seconds < 48 * 3600) return say("unit.h", { n: Math.floor(seconds / 3600) });
  return say("unit.d", { n: Math.floor(seconds / 86400) });
};

const tickDue = (element, now) => {
  const left = (Date.parse(element.dataset.due) - now) / 1000;
  const limit = Number(element.dataset.limit) || 300;
  const text = countdown(left);
  if (element.textContent !== text) element.textContent = text;
  element.classList.toggle("v-late", left < 0);
  element.classList.toggle("v-today", left >= 0 && left < limit / 4);
  const tile = element.closest(".v-tile");
  const wick = tile?.querySelector(".v-wick");
  if (!wick) return;
  const burnt = Math.min(100, Math.max(0, (1 - left / limit) * 100));
  wick.firstElementChild.style.setProperty("--p", `${burnt.toFixed(1)}%`);
  wick.classList.toggle("is-late", left < 0);
  wick.classList.toggle("is-today", left >= 0 && left < limit / 4);
  tile.classList.toggle("is-late", left < 0);
};

export const tick = () => {
  const now = serverNow();
  for (const element of document.querySelectorAll("[data-due]")) tickDue(element, now);
  for (const element of document.querySelectorAll("[data-since]")) {
    const text = age((now - Date.parse(element.dataset.since)) / 1000);
    if (element.textContent !== text) element.textContent = text;
  }
};

export const startClock = () => {
  tick();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  setInterval(() => document.hidden || tick(), still ? 15000 : 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
};
