// Dialogs arrive as partials into #dialogs and open themselves; a good answer closes them, a 422 keeps them with the errors.
import htmx from "htmx.org";
import { isDirty } from "./forms.js";
import { isTyping } from "./keys.js";

const host = () => document.getElementById("dialogs");

/** Put a dialog's HTML on the page and open it. Returns the dialog. */
export const openDialog = (html) => {
  host().innerHTML = html;
  htmx.process(host());
  return show();
};

const show = () => {
  const dialog = host()?.querySelector("dialog");
  if (!dialog) return null;
  ownIds(dialog);
  if (!dialog.open) dialog.showModal();
  // toasts must be seen and pressed over a modal dialog
  dialog.append(document.getElementById("toasts"));
  (dialog.querySelector('[aria-invalid="true"]') ?? dialog.querySelector("[autofocus]") ?? firstField(dialog))?.focus();
  return dialog;
};

// a form of the page under the dialog may have fields of the same names: labels must point at the dialog's own
const ownIds = (dialog) => {
  for (const element of dialog.querySelectorAll("[id]")) {
    const { id } = element;
    if (document.getElementById(id) === element && document.querySelectorAll(`#${CSS.escape(id)}`).length === 1) continue;
    element.id = `dialog-${id}`;
    for (const name of ["for", "aria-describedby", "aria-labelledby", "aria-controls", "list"]) {
      for (const user of dialog.querySelectorAll(`[${name}~="${CSS.escape(id)}"]`)) {
        user.setAttribute(name, user.getAttribute(name).split(" ").map((one) => (one === id ? element.id : one)).join(" "));
      }
    }
  }
};

const firstField = (dialog) => dialog.querySelector('form input:not([type="hidden"]), form select, form textarea') ?? dialog.querySelector("button");

/** Close a dialog; `done` tells whether its form went through. */
export const closeDialog = (dialog, done = false) => {
  if (!dialog) return;
  if (dialog.open) dialog.close();
  dialog.dispatchEvent(new CustomEvent(done ? "dialog:done" : "dialog:cancel", { bubbles: true }));
  const toasts = document.getElementById("toasts");
  if (toasts && dialog.contains(toasts)) document.body.append(toasts);
  dialog.remove();
};

export const startDialogs = () => {
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target?.id === "dialogs") show();
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    // the toasts may live inside the dialog that is about to be replaced
    const toasts = document.getElementById("toasts");
    if (detail.target?.id === "dialogs" && toasts) document.body.append(toasts);
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const dialog = detail.elt.closest?.("dialog[data-dialog]");
    const wrote = detail.requestConfig.verb !== "get";
    const asks = detail.elt.matches?.("[data-asks]"); // a question about what is being typed keeps nothing
    if (dialog && wrote && !asks && detail.successful && detail.xhr.status !== 422) closeDialog(dialog, true);
  });
  document.addEventListener("dialog:close", () => closeDialog(host()?.querySelector("dialog"), true));
  document.addEventListener("cancel", (event) => {
    if (!event.target.matches?.("dialog[data-dialog]")) return;
    event.preventDefault();
    closeDialog(event.target);
  }, true);
  document.addEventListener("click", (event) => {
    const dialog = event.target.closest?.("dialog[data-dialog]");
    if (!dialog) return;
    const close = event.target.closest("[data-close]");
    if (close) {
      event.preventDefault();
      closeDialog(dialog);
    } else if (event.target === dialog && !isDirty(dialog) && outside(dialog, event)) {
      closeDialog(dialog);
    }
  });
  // a digit presses the choice that wears it, unless a field is being typed in
  document.addEventListener("keydown", (event) => {
    const dialog = document.querySelector("dialog[data-dialog][open]");
    if (!dialog || !/^[0-9]$/.test(event.key) || event.ctrlKey || event.altKey || isTyping(event.target)) return;
    const choice = dialog.querySelector(`[data-digit="${event.key}"]`);
    if (!choice) return;
    event.preventDefault();
    choice.click();
  });
  if (host()?.querySelector("dialog")) show();
};

const outside = (dialog, { clientX, clientY }) => {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
};
