// Service worker: push messages become notifications, once per id; a click opens the right card. No page is kept but the
// one that is shown without a line, with what it is drawn with.
/* global SHELL */
const OFFLINE = "/offline";
const shown = new Set();

const read = (event) => {
  try {
    return event.data?.json() ?? {};
  } catch {
    return { title: event.data?.text() };
  }
};

const install = async () => {
  await (await caches.open(SHELL.name)).addAll([...SHELL.files, OFFLINE]);
  await self.skipWaiting();
};

const activate = async () => {
  for (const name of await caches.keys()) if (name !== SHELL.name) await caches.delete(name);
  // the request for a page goes out while the worker is still waking up
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
};

const page = async (event) => {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(OFFLINE, { ignoreVary: true })) ?? Response.error();
  }
};

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(event));
  else if (SHELL.files.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
  }
});

self.addEventListener("push", (event) => {
  const { id, title = "Воронка", body = "", url = "/", tag, urgent = false, group, many = false, of = [] } = read(event);
  event.waitUntil(
    (async () => {
      const name = String(tag ?? id ?? "");
      const present = await self.registration.getNotifications();
      const again = id != null && (shown.has(id) || present.some((old) => old.data?.id === id));
      // many told as one: the single ones leave the screen
      if (many) for (const old of present) if (old.data?.group === group && old.tag !== name) old.close();
      if (id != null) shown.add(id);
      // a browser wants every push to show something: the same id replaces itself silently
      await self.registration.showNotification(title, {
        body,
        tag: name || undefined,
        renotify: Boolean(name) && !again,
        silent: again,
        requireInteraction: urgent,
        data: { url, id, group, of },
      });
    })(),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data?.url ?? "/", self.location.origin);
  if (url.origin !== self.location.origin) return;
  event.waitUntil(
    (async () => {
      const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
      const there = windows.find((page) => page.url === url.href) ?? windows.find((page) => page.visibilityState === "visible") ?? windows[0];
      if (!there) return self.clients.openWindow(url.href);
      await there.focus();
      return there.url === url.href ? undefined : there.navigate(url.href).catch(() => self.clients.openWindow(url.href));
    })(),
  );
});

self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(
    (async () => {
      const old = event.oldSubscription;
      const fresh = event.newSubscription ?? (await self.registration.pushManager.subscribe(old?.options ?? { userVisibleOnly: true }));
      const { endpoint, keys } = fresh.toJSON();
      await fetch("/push/renewals", {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ old: old?.endpoint ?? "", endpoint, p256dh: keys.p256dh, auth: keys.auth }),
      });
    })(),
  );
});
