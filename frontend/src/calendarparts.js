// What the calendar's scripts share: where a thing stands, as its marks say, and how it is shown elsewhere.
export const root = () => document.querySelector("[data-calendar]");
export const pad = (number) => String(number).padStart(2, "0");
export const clock = (minutes) => `${pad(Math.floor(minutes / 60) % 24)}:${pad(minutes % 60)}`;
export const minutesOf = (text) => (text ? Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5)) : null);

export const stateOf = (event) => ({
  day: event.dataset.day,
  start: minutesOf(event.dataset.at),
  minutes: Number(event.dataset.minutes),
  person: event.dataset.person,
});

/** Show a thing where it would be; the server's answer draws it properly. */
export const show = (event, state) => {
  const column = [...document.querySelectorAll("[data-col]")].find((one) => one.dataset.day === state.day && (!one.dataset.person || one.dataset.person === state.person));
  if (column && state.start !== null && event.parentElement !== column) {
    const focused = document.activeElement === event;
    event.classList.remove("is-chip");
    column.append(event);
    if (focused) event.focus();
  }
  event.style.setProperty("--s", state.start ?? 0);
  event.style.setProperty("--d", state.minutes);
  event.style.setProperty("--l", 0);
  event.style.setProperty("--n", 1);
  const time = event.querySelector("[data-ev-time]");
  if (time && state.start !== null) time.textContent = `${clock(state.start)}–${clock(state.start + state.minutes)}`;
};
