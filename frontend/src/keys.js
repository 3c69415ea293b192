// Keys of the whole page. A key is found by its letter in either keyboard layout: «в» and «d» are one key.
import { say } from "./words.js";

const LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбюё";

/** The letter of a key event and its twin in the other layout. */
export const letters = (event) => {
  const key = event.key.toLowerCase();
  const latin = LATIN.indexOf(key);
  const cyrillic = CYRILLIC.indexOf(key);
  return [key, latin >= 0 ? CYRILLIC[latin] : cyrillic >= 0 ? LATIN[cyrillic] : key];
};

export const isTyping = (target) => Boolean(target?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]"));

const visible = (element) => element.offsetParent !== null && !element.closest("[inert]") && !element.disabled;

const pressKeyed = (event) => {
  const wanted = letters(event);
  const found = [...document.querySelectorAll("[data-key]")].find((element) => visible(element) && element.dataset.key.split(" ").some((key) => wanted.includes(key)));
  if (!found) return false;
  event.preventDefault();
  found.click();
  return true;
};

const onKey = (event) => {
  if (event.defaultPrevented) return;
  const [key, twin] = letters(event);
  if ((event.ctrlKey || event.metaKey) && (key === "k" || twin === "k")) {
    const find = document.getElementById("find");
    if (!find) return;
    event.preventDefault();
    find.focus();
    find.select();
    return;
  }
  if (event.ctrlKey && event.key === "Enter" && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[data-dialog][open]")) return;
  if (event.key === "?" || (event.key === "," && event.shiftKey)) return showHelp();
  if (key === "n" || twin === "n" || event.key === "+") {
    const add = document.getElementById("quick-add");
    if (!add || !visible(add)) return;
    event.preventDefault();
    add.click();
    return;
  }
  pressKeyed(event);
};

const showHelp = () => document.getElementById("keys-help")?.showModal();

export const startKeys = () => {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-keys-help]")) showHelp();
    const help = event.target.closest?.("#keys-help");
    if (help && event.target.closest("[data-close]")) help.close();
  });
  for (const key of document.querySelectorAll("[data-key-name]")) key.title = say(key.dataset.keyName);
};
