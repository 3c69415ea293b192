// htmx set up once: no eval, CSRF, 422 swapped like 200, errors told in words, buttons held while in flight.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";
import { finished, hold, showErrors } from "./forms.js";
import { csrf, isWholePage } from "./http.js";
import { keepForm } from "./outbox.js";
import { began, ended } from "./progress.js";
import { isSignIn, signedOut } from "./session.js";
import { fail, toast } from "./toast.js";
import { say } from "./words.js";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  timeout: 30000,
  // what has come works at once: a key pressed in the next moment must find the new form bound
  defaultSettleDelay: 0,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});

htmx.defineExtension("morph", {
  isInlineSwap: (style) => style.startsWith("morph"),
  handleSwap: (style, target, fragment) => {
    if (!style.startsWith("morph")) return false;
    const morphStyle = style.includes("innerHTML") ? "innerHTML" : "outerHTML";
    return Idiomorph.morph(target, fragment.children, { morphStyle, ignoreActiveValue: true });
  },
});

const json = (xhr) => {
  try {
    return xhr.getResponseHeader("content-type")?.includes("json") ? JSON.parse(xhr.responseText) : null;
  } catch {
    return null;
  }
};

const beforeSwap = (event) => {
  const { xhr } = event.detail;
  const { elt } = event.detail.requestConfig; // detail.elt is the target here
  if (isWholePage(xhr.responseText) && !event.detail.boosted) {
    event.detail.shouldSwap = false;
    return isSignIn(xhr.responseURL) ? signedOut() : location.reload();
  }
  const data = json(xhr);
  if (data) {
    event.detail.shouldSwap = false;
    if (xhr.status === 422) tellErrors(elt, data);
    return undefined;
  }
  const dialog = elt.closest?.("dialog[data-dialog]");
  if (xhr.status === 422 && dialog) {
    // the same dialog comes back with its errors, wherever a good answer would have gone
    event.detail.target = dialog.parentElement;
    event.detail.swapOverride = "innerHTML";
    event.detail.shouldSwap = true;
  }
  return undefined;
};

const tellErrors = (elt, data) => {
  const form = elt.closest("form");
  const rest = form && data.errors ? showErrors(form, data.errors) : Object.values(data.errors ?? {});
  if (data.reason) rest.push(data.reason);
  if (rest.length) toast({ text: rest.join(" "), tone: "late" });
};

export const startHtmx = () => {
  const body = document.body;
  const holds = new WeakMap();
  body.setAttribute("hx-ext", "morph");
  body.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrf();
  });
  body.addEventListener("htmx:beforeRequest", ({ detail }) => {
    began();
    if (detail.requestConfig.verb !== "get" || detail.elt.matches("button, a.btn")) holds.set(detail.xhr, hold(detail.elt));
  });
  body.addEventListener("htmx:afterRequest", ({ detail }) => {
    ended();
    holds.get(detail.xhr)?.();
    if (detail.successful && detail.xhr.status < 400 && !isSignIn(detail.xhr.responseURL) && detail.elt.matches?.("form") && detail.requestConfig.verb !== "get") finished(detail.elt);
  });
  body.addEventListener("htmx:beforeSwap", beforeSwap);
  body.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    fail({ status: xhr.status, json: json(xhr), text: xhr.responseText });
  });
  for (const lost of ["htmx:sendError", "htmx:timeout"]) {
    body.addEventListener(lost, ({ detail }) => keepForm(detail.elt) || toast({ text: say("error.network"), tone: "late" }));
  }
};
