// Files of a composer: chosen, pasted or dropped; named before they are sent, each can be taken out.
const inputOf = (element) => element.closest("form")?.querySelector('input[type="file"][data-files]') ?? element.closest("[data-composer]")?.querySelector("form:not([hidden]) [data-files]");

const set = (input, files) => {
  const bag = new DataTransfer();
  for (const file of files) bag.items.add(file);
  input.files = bag.files;
  list(input);
};

const add = (input, files) => set(input, [...input.files, ...files]);

const list = (input) => {
  const box = input.closest("form").querySelector("[data-file-list]");
  const area = input.closest("form").querySelector("textarea");
  // a picture alone is a note too
  if (area) area.required = input.files.length === 0;
  box.replaceChildren(...[...input.files].map((file) => chip(input, file)));
};

const chip = (input, file) => {
  const box = Object.assign(document.createElement("span"), { className: "v-chip" });
  const name = Object.assign(document.createElement("span"), { className: "v-chip-t", textContent: file.name });
  const out = Object.assign(document.createElement("button"), { type: "button", className: "v-x", textContent: "×" });
  out.setAttribute("aria-label", `${input.dataset.takeOut} ${file.name}`);
  out.addEventListener("click", () => {
    set(input, [...input.files].filter((other) => other !== file));
    input.closest("form").querySelector("textarea")?.focus();
  });
  if (file.type.startsWith("image/")) box.append(preview(file));
  box.append(name, out);
  return box;
};

const preview = (file) => {
  const image = Object.assign(document.createElement("img"), { className: "v-chip-i", alt: "", src: URL.createObjectURL(file) });
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  return image;
};

const hasFiles = (data) => [...(data?.types ?? [])].includes("Files");

// a picture taken now joins the files that are chosen
const onCamera = ({ target }) => {
  if (!target.matches?.("input[data-camera]") || !target.files.length) return;
  add(inputOf(target), target.files);
  target.value = "";
};

export const startFiles = () => {
  document.addEventListener("change", ({ target }) => target.matches?.("input[data-files]") && list(target));
  document.addEventListener("change", onCamera);
  document.addEventListener("reset", ({ target }) => {
    const input = target.querySelector?.("input[data-files]");
    if (input) setTimeout(() => list(input), 0);
  });
  document.addEventListener("paste", (event) => {
    const input = event.clipboardData?.files.length && inputOf(event.target);
    if (!input) return;
    event.preventDefault();
    add(input, event.clipboardData.files);
  });
  document.addEventListener("dragover", (event) => {
    const composer = event.target.closest?.("[data-composer]");
    if (!composer || !hasFiles(event.dataTransfer) || !inputOf(composer)) return;
    event.preventDefault();
    composer.classList.add("is-over");
  });
  document.addEventListener("dragleave", (event) => {
    const composer = event.target.closest?.("[data-composer]");
    if (composer && !composer.contains(event.relatedTarget)) composer.classList.remove("is-over");
  });
  document.addEventListener("drop", (event) => {
    const composer = event.target.closest?.("[data-composer]");
    const input = composer && hasFiles(event.dataTransfer) && inputOf(composer);
    if (!input) return;
    event.preventDefault();
    composer.classList.remove("is-over");
    add(input, event.dataTransfer.files);
  });
};
