// Two pixels along the top while something lasts longer than 300 ms.
let running = 0;
let timer;

export const began = () => {
  running += 1;
  timer ??= setTimeout(() => document.getElementById("progress")?.classList.add("is-on"), 300);
};

export const ended = () => {
  running = Math.max(0, running - 1);
  if (running) return;
  clearTimeout(timer);
  timer = undefined;
  document.getElementById("progress")?.classList.remove("is-on");
};
