// Requests the modules make themselves. htmx makes the others; both carry the same headers and speak of errors alike.
import { began, ended } from "./progress.js";
import { isSignIn, signedOut } from "./session.js";
import { say } from "./words.js";

export const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/**
 * Send a request; never throws. Returns {status, ok, text, json, headers}; status 0 = no connection.
 * fields: object sent as a form; form: FormData sent with its files. quiet: no progress line.
 * keepalive: sent to its end even when the page is left at once.
 */
export const send = async (url, { method = "GET", fields, form, headers = {}, quiet = false, keepalive = false } = {}) => {
  if (!quiet) began();
  try {
    const response = await fetch(url, {
      method,
      credentials: "same-origin",
      keepalive,
      headers: { "HX-Request": "true", "X-CSRFToken": csrf(), ...headers },
      body: form ?? (fields && (fields instanceof FormData ? new URLSearchParams(fields) : new URLSearchParams(Object.entries(fields)))),
    });
    const text = response.status === 204 ? "" : await response.text();
    if (response.redirected && isWholePage(text)) {
      if (isSignIn(response.url)) signedOut();
      else location.reload();
      return { status: 401, ok: false, text: "", json: null, headers: response.headers };
    }
    return { status: response.status, ok: response.ok, text, json: parsed(response, text), headers: response.headers };
  } catch {
    return { status: 0, ok: false, text: "", json: null, headers: new Headers() };
  } finally {
    if (!quiet) ended();
  }
};

/** A redirect to the sign-in page arrives as a whole document where a part was asked for. */
export const isWholePage = (text) => /^\s*<!doctype html/i.test(text);

const parsed = (response, text) => {
  if (!response.headers.get("content-type")?.includes("json")) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** What to tell a person about a failed answer: the server's reason when it gave one. */
export const reason = ({ status, json, text }) => {
  if (json?.reason) return json.reason;
  if (status === 0) return say("error.network");
  if (text && text.length < 300 && !text.includes("<")) return text;
  if (status === 401) return say("error.signin");
  if (status === 403) return say("error.denied");
  if (status === 404 || status === 410) return say("error.gone");
  if (status === 429) return say("error.busy");
  return say("error.server", { status });
};

/** Fire the events named in an HX-Trigger header, as htmx does for its own requests. */
export const fireTriggers = (headers, from = document.body) => {
  const value = headers.get("HX-Trigger");
  if (!value) return;
  const named = value.startsWith("{") ? JSON.parse(value) : Object.fromEntries(value.split(",").map((name) => [name.trim(), {}]));
  for (const [name, detail] of Object.entries(named)) from.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
};
