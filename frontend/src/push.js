// Web push on this device: [data-push-toggle] asks from a person's gesture, subscribes, tells the server, and takes it back.
import { send } from "./http.js";
import { fail, toast } from "./toast.js";
import { say } from "./words.js";

const able = () => "serviceWorker" in navigator && "PushManager" in window && document.body.dataset.pushKey;

const bytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/").padEnd(Math.ceil(text.length / 4) * 4, "="));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};

const subscription = async () => (await navigator.serviceWorker.getRegistration("/"))?.pushManager.getSubscription();

const tell = (method, { endpoint, keys }) =>
  send(document.body.dataset.pushSubscriptions, { method, fields: { endpoint, p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "", device: navigator.userAgent } });

const switchOn = async () => {
  if ((await Notification.requestPermission()) !== "granted") return toast({ text: say("push.denied"), tone: "late" });
  const answer = await send(document.body.dataset.pushKey);
  if (!answer.ok) return fail(answer);
  const registration = await navigator.serviceWorker.ready;
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes((answer.json?.key ?? answer.text).trim()) });
  const told = await tell("POST", made.toJSON());
  if (!told.ok) {
    await made.unsubscribe();
    return fail(told);
  }
  return toast(say("push.on"));
};

const switchOff = async (known) => {
  const told = await tell("DELETE", known.toJSON());
  if (!told.ok && told.status !== 404) return fail(told);
  await known.unsubscribe();
  return toast(say("push.off"));
};

const show = async () => {
  const on = Boolean(await subscription());
  for (const button of document.querySelectorAll("[data-push-toggle]")) {
    button.hidden = false;
    if (button.matches("input")) button.checked = on;
    else button.setAttribute("aria-pressed", String(on));
    for (const part of button.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== (on ? "on" : "off");
  }
};

const onToggle = async (event) => {
  const button = event.target.closest?.("[data-push-toggle]");
  if (!button) return;
  button.disabled = true;
  try {
    const known = await subscription();
    await (known ? switchOff(known) : switchOn());
  } catch (error) {
    toast({ text: `${say("push.failed")} ${error.message}`, tone: "late" });
  }
  button.disabled = false;
  show();
};

/** Read on another device: it leaves the screen of this one too. */
const withdraw = async ({ detail: message }) => {
  if (message.kind !== "notice.read") return;
  const registration = await navigator.serviceWorker.getRegistration("/");
  const told = ((await registration?.getNotifications()) ?? []).filter((one) => one.data?.of?.length);
  if (!told.length) return;
  const answer = await send(`/notices/unread?ids=${told.flatMap((one) => one.data.of).join(",")}`, { quiet: true });
  const unread = new Set(answer.json?.unread);
  if (answer.ok) for (const one of told) if (!one.data.of.some((number) => unread.has(number))) one.close();
};

export const startPush = async () => {
  if (!able()) {
    for (const button of document.querySelectorAll("[data-push-toggle]")) button.hidden = true;
    for (const words of document.querySelectorAll("[data-push-unable]")) words.hidden = false;
    return;
  }
  document.addEventListener("click", onToggle);
  document.addEventListener("live:change", withdraw);
  document.addEventListener("htmx:load", () => document.querySelector("[data-push-toggle][hidden]") && show());
  if (document.querySelector("[data-push-toggle]")) show();
};
