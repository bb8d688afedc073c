// Shows what was pushed, and opens the page about it. It fetches nothing and keeps nothing.
"use strict";
self.addEventListener("push", event => {
  const news = event.data ? event.data.json() : { title: "Status update", body: "", url: "/" };
  event.waitUntil(self.registration.showNotification(news.title, {
    body: news.body, tag: news.tag, renotify: Boolean(news.tag), data: { url: news.url }
  }));
});
self.addEventListener("notificationclick", event => {
  event.notification.close();
  const url = event.notification.data?.url ?? "/";
  event.waitUntil((async () => {
    const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const open = windows.find(one => one.url === url);
    return open ? open.focus() : self.clients.openWindow(url);
  })());
});
self.addEventListener("install", () => self.skipWaiting());
