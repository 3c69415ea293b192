// Forms: errors beside their fields, nothing sent twice, drafts kept, small conveniences declared by attributes.

import { say } from "./words.js";

const sent = new WeakSet();

/** Buttons that must not be pressed again while this element's request runs. */
export const hold = (element) => {
  const form = element.closest("form");
  const buttons = form ? form.querySelectorAll('button:not([type="button"]), input[type="submit"]') : element.matches("button, a.btn") ? [element] : [];
  const held = [...buttons].filter((button) => !button.disabled && !button.classList.contains("is-busy"));
  for (const button of held) {
    button.classList.add("is-busy");
    button.setAttribute("aria-busy", "true");
    if ("disabled" in button) button.disabled = true;
  }
  return () => {
    for (const button of held) {
      button.classList.remove("is-busy");
      button.removeAttribute("aria-busy");
      if ("disabled" in button) button.disabled = false;
    }
  };
};

/** Put errors {field: text} beside the fields of a form. Returns those no field took. */
export const showErrors = (form, errors) => {
  clearErrors(form);
  const rest = [];
  let first;
  for (const [name, text] of Object.entries(errors)) {
    const field = form.elements[name] instanceof RadioNodeList ? form.elements[name][0] : form.elements[name];
    if (!field) {
      rest.push(text);
      continue;
    }
    const id = `${field.id || name}-sent-err`;
    const line = Object.assign(document.createElement("p"), { className: "v-err", id, textContent: text });
    line.dataset.sentError = "";
    field.classList.add("is-invalid");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", id);
    field.after(line);
    first ??= field;
  }
  first?.focus();
  return rest;
};

const clearErrors = (form) => {
  for (const line of form.querySelectorAll("[data-sent-error]")) line.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.classList.remove("is-invalid");
    field.removeAttribute("aria-invalid");
  }
};

/** Something typed and not sent stands in this element. */
export const isDirty = (element) =>
  [...element.querySelectorAll("input, textarea, select")].some((field) => {
    if (field.type === "hidden" || field.type === "search" || field.disabled) return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected && field.querySelector("[selected]"));
    return field.value !== field.defaultValue;
  });

const draftKey = (form) => `draft:${document.body.dataset.me ?? ""}:${form.dataset.keep}`;

const restoreDrafts = (root) => {
  for (const form of root.querySelectorAll?.("form[data-keep]") ?? []) {
    const saved = localStorage.getItem(draftKey(form));
    const field = form.querySelector("textarea");
    if (saved && field && field.value === field.defaultValue) field.value = saved;
  }
};

/** After a form went through: empty it and forget its draft. */
export const finished = (form) => {
  if (form.dataset.keep) localStorage.removeItem(draftKey(form));
  if ("reset" in form.dataset) form.reset();
  clearErrors(form);
};

export const startForms = () => {
  restoreDrafts(document);
  document.addEventListener("htmx:load", (event) => restoreDrafts(event.target));
  document.addEventListener("input", ({ target }) => {
    const form = target.closest?.("form[data-keep]");
    if (form && target.tagName === "TEXTAREA") localStorage.setItem(draftKey(form), target.value);
    if (target.getAttribute?.("aria-invalid")) target.removeAttribute("aria-invalid");
  });
  document.addEventListener("change", ({ target }) => {
    if (target.closest("form[data-submit]")) target.form.requestSubmit();
  });
  // plain forms: htmx guards its own
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.closest("[hx-post], [hx-put], [hx-patch], [hx-delete], [hx-get]") === form) return;
    if (sent.has(form)) return event.preventDefault();
    sent.add(form);
    const free = setTimeout(() => hold(form), 0);
    addEventListener("pageshow", () => {
      clearTimeout(free);
      sent.delete(form);
      for (const button of form.querySelectorAll(".is-busy")) {
        button.classList.remove("is-busy");
        button.disabled = false;
      }
    }, { once: true });
  });
  document.addEventListener("click", async ({ target }) => {
    if (target.closest?.("[data-print]")) window.print();
    const button = target.closest?.("[data-copy]");
    if (!button) return;
    await navigator.clipboard?.writeText(button.dataset.copy);
    document.dispatchEvent(new CustomEvent("toast", { detail: { text: say("copied") } }));
  });
};
