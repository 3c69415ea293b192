// Moving a deal to another stage: one request, four outcomes. Used by the board, its menu, its keys and the card's stage bar.
import { fireTriggers, reason, send } from "./http.js";
import { closeDialog, openDialog } from "./dialog.js";
import { apply, parse } from "./partials.js";
import { showErrors } from "./forms.js";

/**
 * PUT a deal into a stage. Resolves to
 *   {done: true, left: [elements of the answer that had no place]} when it moved,
 *   {done: false} when the person put it back from the dialog,
 *   {done: false, reason, rule, ruleUrl} when it was refused.
 */
export const move = async (url, fields) => {
  const answer = await send(url, { method: "PUT", fields });
  return settle(url, answer);
};

const settle = async (url, answer) => {
  if (answer.ok) return accepted(answer);
  const html = answer.json?.dialog_html ?? (answer.text.includes("<dialog") ? answer.text : "");
  if (answer.status === 422 && html) return ask(url, html);
  return { done: false, reason: reason(answer), rule: answer.json?.rule ?? "", ruleUrl: answer.json?.rule_url ?? "" };
};

const accepted = (answer) => {
  const left = answer.text ? apply(answer.text) : [];
  fireTriggers(answer.headers);
  return { done: true, left };
};

/** The move lacks data: its dialog is open until it goes through or is taken back. */
const ask = (url, html) =>
  new Promise((resolve) => {
    const dialog = openDialog(html);
    let settled = false;
    const finish = (result) => {
      if (settled) return;
      settled = true;
      resolve(result);
    };
    dialog.addEventListener("dialog:cancel", () => finish({ done: false }), { once: true });
    dialog.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter ?? dialog.querySelector('[type="submit"]');
      button.disabled = true;
      const form = event.target;
      const answer = await send(form.getAttribute("hx-put") || url, { method: "PUT", fields: new FormData(form) });
      button.disabled = false;
      if (answer.ok) {
        settled = true;
        const result = accepted(answer);
        closeDialog(dialog, true);
        resolve(result);
      } else again(form, answer, () => {
        settled = true;
        closeDialog(dialog);
        settle(url, answer).then(resolve);
      });
    }, true);
  });

/** A dialog's second answer: errors beside the fields keep it open, a refusal closes it. */
const again = (form, answer, refuse) => {
  if (answer.status === 422 && answer.json?.errors) return showErrors(form, answer.json.errors);
  const html = answer.json?.dialog_html ?? (answer.text.includes("<dialog") ? answer.text : "");
  if (answer.status !== 422 || !html) return refuse();
  const next = parse(html).querySelector("form");
  form.querySelector(".v-form").replaceChildren(...next.querySelector(".v-form").childNodes);
  return form.querySelector('[aria-invalid="true"]')?.focus();
};
