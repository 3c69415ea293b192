// Signed out while the page is open: it says so and keeps what is typed. Signed in again in another tab, it goes on.
const EVERY = 5000;

let timer;

export const isOut = () => timer !== undefined;

/** Whether an answer came from the sign-in page. */
export const isSignIn = (url) => new URL(url, location.href).pathname === "/sign-in";

const notice = () => document.getElementById("signed-out");

export const signedOut = () => {
  if (isOut() || !notice()) return;
  notice().showPopover();
  timer = setInterval(lookAgain, EVERY);
};

/** Is somebody signed in? Null when the server cannot be asked. */
export const isSignedIn = async () => {
  const answer = await fetch("/live", { method: "HEAD", credentials: "same-origin" }).catch(() => null);
  return answer && (answer.ok || answer.status === 401) ? answer.ok : null;
};

const lookAgain = async () => {
  if (document.hidden || !isOut() || !(await isSignedIn())) return;
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || isSignIn(answer.url)) return;
  goOn(new DOMParser().parseFromString(await answer.text(), "text/html"));
};

/** The new session has a new token; another person gets a page of their own. */
const goOn = (fresh) => {
  if (fresh.body.dataset.me !== document.body.dataset.me) return location.reload();
  const token = fresh.querySelector('meta[name="csrf-token"]').content;
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = field.defaultValue = token;
  clearInterval(timer);
  timer = undefined;
  notice().hidePopover();
  document.dispatchEvent(new CustomEvent("session:back"));
  return undefined;
};

export const startSession = () => {
  document.addEventListener("visibilitychange", lookAgain);
  addEventListener("focus", lookAgain);
};
