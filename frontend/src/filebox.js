// Files of a field: chosen, pasted, dropped or taken by the camera; each goes at once and the row comes back as it is now.
import { fireTriggers, reason, send } from "./http.js";
import { apply, parse } from "./partials.js";
import { toast } from "./toast.js";

const boxOf = (target) => {
  const box = target.closest?.("[data-filebox]");
  return box?.dataset.filebox ? box : null;
};

const hasFiles = (data) => [...(data?.types ?? [])].includes("Files");

const put = async (box, files) => {
  if (!files.length || box.dataset.busy) return;
  const form = new FormData();
  for (const file of files) form.append("files", file);
  await ask(box, box.dataset.filebox, { method: "POST", form });
};

const ask = async (box, url, how) => {
  box.dataset.busy = "save";
  box.classList.add("is-saving");
  const answer = await send(url, how);
  delete box.dataset.busy;
  box.classList.remove("is-saving");
  if (!answer.ok) return toast({ text: Object.values(answer.json?.errors ?? {})[0] ?? reason(answer), tone: "late" });
  const own = parse(answer.text).querySelector("[data-filebox]");
  // in a dialog ids are its own; there the box alone is renewed
  if (own && box.closest("dialog")) box.replaceWith(own);
  else apply(answer.text);
  fireTriggers(answer.headers);
  return undefined;
};

export const startFilebox = () => {
  document.addEventListener("change", ({ target }) => {
    const box = target.matches?.('input[type="file"]') && boxOf(target);
    if (!box) return;
    put(box, [...target.files]);
    target.value = "";
  });
  document.addEventListener("click", ({ target }) => {
    const out = target.closest?.("[data-take-out]");
    const box = out && boxOf(out);
    if (box) ask(box, `${box.dataset.filebox}/${out.dataset.takeOut}`, { method: "DELETE" });
  });
  document.addEventListener("paste", (event) => {
    const box = event.clipboardData?.files.length && boxOf(event.target);
    if (!box) return;
    event.preventDefault();
    put(box, [...event.clipboardData.files]);
  });
  document.addEventListener("dragover", (event) => {
    const box = hasFiles(event.dataTransfer) && boxOf(event.target);
    if (!box) return;
    event.preventDefault();
    box.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => {
    const box = boxOf(event.target);
    if (box && !box.contains(event.relatedTarget)) box.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    const box = hasFiles(event.dataTransfer) && boxOf(event.target);
    if (!box) return;
    event.preventDefault();
    box.classList.remove("is-over");
    put(box, [...event.dataTransfer.files]);
  });
};
