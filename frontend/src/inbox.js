// The inbox: a thread that stays at its end, drafts kept on the server, who is writing, emoji, answers to one message.
import { send } from "./http.js";
import { page } from "./live.js";

const DRAFT_AFTER = 800;
const TYPING_EVERY = 3000;
const TYPING_SHOWN = 5000;
const NEAR = 80; // so close to the end of the thread somebody reads its end

let draftTimer;
let typingAt = 0;
const typing = new Map(); // line of the page → timer

const msgs = (root = document) => root.querySelector("[data-msgs]");
const composers = (element) => element.closest?.("[data-writing]");

const toEnd = (box) => {
  box.scrollTop = box.scrollHeight;
};

const atEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;

/** A thread was opened: its end, or what was searched for; whoever answers has looked. */
const opened = (root) => {
  const box = msgs(root);
  if (!box) return;
  const found = box.querySelector(".is-found");
  if (found) found.scrollIntoView({ block: "center" });
  else toEnd(box);
  document.querySelector("[data-inbox]")?.classList.add("is-open");
  looked();
  markRow();
};

/** The row of the open thread, also after the list was renewed. */
const markRow = () => {
  const client = document.querySelector("main [data-thread]")?.dataset.thread;
  for (const row of document.querySelectorAll("#inbox-list .v-conv")) {
    if (row.id === `conv-${client}`) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
};

const looked = () => {
  const thread = document.querySelector("main [data-thread]");
  if (thread && !document.hidden) send(`/inbox/${thread.dataset.thread}/reading`, { method: "POST", quiet: true });
};

const onInput = ({ target }) => {
  const box = composers(target);
  if (!box || target.tagName !== "TEXTAREA") return;
  clearTimeout(draftTimer);
  const form = target.form;
  if (!form.elements.way) return;
  draftTimer = setTimeout(() => saveDraft(box, form), DRAFT_AFTER);
  if (target.value && Date.now() - typingAt > TYPING_EVERY) {
    typingAt = Date.now();
    send(`/inbox/${box.dataset.writing}/typing`, { method: "POST", fields: { page }, quiet: true });
  }
};

const saveDraft = (box, form) =>
  send(`/inbox/${box.dataset.writing}/draft`, { method: "PUT", fields: { text: form.elements.text.value, way: form.elements.way.value }, quiet: true });

const onChange = ({ detail }) => {
  if (detail.kind !== "typing" || String(detail.who) === document.body.dataset.me) return;
  for (const line of document.querySelectorAll(`[data-typing="${detail.typing}"]`)) {
    line.textContent = line.dataset.wordsTyping.replace("{name}", detail.name);
    clearTimeout(typing.get(line));
    typing.set(line, setTimeout(() => line.replaceChildren(), TYPING_SHOWN));
    const box = line.closest("[data-msgs]");
    if (box && atEnd(box)) toEnd(box);
  }
};

const onClick = ({ target }) => {
  const sign = target.closest?.("[data-emoji]");
  if (sign) {
    const area = sign.closest("form").elements.text;
    area.setRangeText(sign.dataset.emoji, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    sign.closest("[popover]").hidePopover();
    area.focus();
  }
  const answered = target.closest?.("[data-reply]");
  if (answered) answer(answered);
  if (target.closest?.("[data-reply-box]")) clearReply(target.closest("form"));
};

/** The next message answers this one. */
const answer = ({ dataset }) => {
  const form = document.querySelector('main [data-writing] form:not([hidden])');
  if (!form?.elements.reply_to) return;
  form.elements.reply_to.value = dataset.reply;
  const box = form.querySelector("[data-reply-box]");
  box.textContent = `↩ ${dataset.quote} ×`;
  box.hidden = false;
  form.elements.text.focus();
};

const clearReply = (form) => {
  const box = form?.querySelector("[data-reply-box]");
  if (!box) return;
  form.elements.reply_to.value = "";
  box.hidden = true;
};

/** What was taken back stands in the composer again. */
const onDraft = (event) => {
  const { client, text } = event.detail;
  const area = document.querySelector(`[data-writing="${client}"] form:not([hidden]) textarea`);
  if (!area || area.value) return;
  area.value = text;
  area.focus();
};

// what stands in the list is renewed around the thread: it keeps its end in sight when new messages come
let wasAtEnd = true;

const onScroll = ({ target }) => {
  if (target.matches?.("[data-msgs]")) wasAtEnd = atEnd(target);
};

const onSwapped = ({ target }) => {
  if (target.id === "inbox-list") markRow();
  if (target.id !== "inbox-messages") return;
  const box = target.closest("[data-msgs]");
  if (wasAtEnd) toEnd(box);
  looked();
};

/** Earlier messages come in above: what is read must not move. */
const keepPlace = ({ detail }) => {
  const pager = detail.elt.closest?.("[data-keep-place]");
  const box = pager?.closest("[data-msgs]");
  if (!box) return;
  const from = box.scrollHeight - box.scrollTop;
  requestAnimationFrame(() => {
    box.scrollTop = box.scrollHeight - from;
  });
};

const onKey = (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !event.target.closest?.("[data-writing]")) return;
  event.target.blur();
};

export const startInbox = () => {
  opened(document);
  document.addEventListener("htmx:afterSwap", ({ detail }) => detail.target.id === "inbox-open" && opened(detail.target));
  document.addEventListener("htmx:beforeSwap", keepPlace);
  document.addEventListener("live:swapped", onSwapped);
  document.addEventListener("scroll", onScroll, true);
  document.addEventListener("input", onInput);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("live:change", onChange);
  document.addEventListener("draft", onDraft);
  document.addEventListener("reset", ({ target }) => setTimeout(() => clearReply(target), 0));
  document.addEventListener("visibilitychange", looked);
};
