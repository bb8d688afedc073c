// Adds to each absolute time what the clock makes of it, and keeps the page fresh: it asks whether anything changed, which costs a 304, and takes the
// changes over without moving what is being read.
(() => {
  "use strict";
  const own = document.currentScript.dataset;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "always" });
  const local = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short" });
  const short = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { timeStyle: "short" });
  const stamp = zone => new Intl.DateTimeFormat("en-GB", { dateStyle: "short", timeStyle: "short", timeZone: zone });
  const here = stamp();
  let there = here;
  try { there = stamp(own.zone); } catch { /* A zone that this browser does not know. */ }
  // What the reader's clock shows then, where it is not what the page says.
  const yours = at => {
    const [page, reader] = [there.format(at), here.format(at)];
    return page === reader ? "" : own.yours.replace("{0}", (page.split(",")[0] === reader.split(",")[0] ? short : local).format(at));
  };
  const words = seconds => {
    const size = Math.abs(seconds);
    if (size < 60) return seconds < 0 ? own.now : relative.format(1, "minute");
    for (const [unit, length] of units) if (size >= length || unit === "minute") return relative.format(Math.round(seconds / length), unit);
  };
  const tell = () => {
    for (const time of document.querySelectorAll("time[datetime]")) {
      const at = Date.parse(time.dateTime);
      if (!time.title) time.title = local.format(at) + " " + own.where;
      const kind = time.dataset.rel;
      if (!kind) continue;
      let beside = time.nextElementSibling;
      if (!beside || !beside.classList.contains("rel")) {
        beside = document.createElement("span");
        beside.className = "rel";
        time.after(" ", beside);
      }
      const seconds = (at - Date.now()) / 1000;
      // A promised time is never told as gone; the page itself says so when it is overdue.
      const parts = [kind === "at" || (kind === "left" && seconds <= 0) ? "" : words(seconds), yours(at)].filter(part => part);
      const text = parts.length > 0 ? "(" + parts.join(", ") + ")" : "";
      if (beside.textContent !== text) beside.textContent = text;
    }
  };
  tell();
  setInterval(tell, 15000);

  // Shows what a day's bar says, under the bar, for those who point at it or reach it by key; the browser's own title is neither quick nor there for keys.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  const point = event => {
    if (event.target === tip) return;
    const bar = event.target.closest?.(".bars a, .bars rect[class]");
    const day = bar?.closest("a") ?? bar;
    const title = day?.querySelector("title");
    if (title) {
      day.dataset.says = day.getAttribute("aria-label") ?? title.textContent;
      title.remove();
    }
    tip.hidden = !day?.dataset.says;
    if (tip.hidden) return;
    tip.textContent = day.dataset.says;
    const box = day.getBoundingClientRect();
    tip.style.left = `${scrollX
      + Math.max(8, Math.min(box.left + box.width / 2 - tip.offsetWidth / 2, document.documentElement.clientWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${scrollY + box.bottom + 1}px`;
  };
  document.addEventListener("pointerover", point);
  document.addEventListener("focusin", point);
  document.addEventListener("focusout", () => { tip.hidden = true; });
  document.addEventListener("keydown", event => { if (event.key === "Escape") tip.hidden = true; });

  document.addEventListener("click", async event => {
    const link = event.target.closest?.("a[data-share]");
    if (!link) return;
    event.preventDefault();
    try {
      if (navigator.share) await navigator.share({ title: document.title, url: link.href });
      else {
        await navigator.clipboard.writeText(link.href);
        link.textContent = link.dataset.share;
      }
    } catch (error) { if (error.name !== "AbortError") location.assign(link.href); }
  });

  // Among many components, leaves those whose name, or whose group's name, holds what is typed.
  const stood = new Map();
  const holds = (element, words) => element.textContent.toLowerCase().includes(words);
  const filter = () => {
    const find = document.getElementById("find");
    if (!find) return;
    find.parentElement.hidden = false;
    const words = find.value.trim().toLowerCase();
    const all = [...document.querySelectorAll(".components .component")];
    for (const row of all) {
      const group = row.closest(".group");
      row.hidden = !holds(row.querySelector(".cname"), words) && !(group && holds(group.querySelector(".cname"), words));
    }
    document.getElementById("found-none").hidden = all.some(row => !row.hidden);
    for (const details of document.querySelectorAll(".components details")) {
      const key = details.querySelector("summary").id || details.querySelector("summary").textContent;
      if (words && !stood.has(key)) stood.set(key, details.open);
      details.hidden = !details.querySelector(".component:not([hidden])");
      if (words || stood.has(key)) details.open = words ? true : stood.get(key);
    }
    if (!words) stood.clear();
  };
  filter();
  document.addEventListener("input", event => { if (event.target.id === "find") filter(); });

  if (!document.body.hasAttribute("data-live") || !location.protocol.startsWith("http")) return;
  const every = 30000;
  let tag = null, waiting = false, timer = 0;
  const main = () => document.getElementById("main");
  const keyOf = element => element.id || element.getAttribute("href") || element.textContent.trim();
  const marks = root => [...root.querySelectorAll("[id], h1, h2, h3, .cname, summary, article a[href]")];
  // The first thing that is wholly in sight stays where it is on the screen.
  const held = () => {
    const mark = scrollY > 0 && marks(main()).find(element => {
      const box = element.getBoundingClientRect();
      return box.height > 0 && box.top >= 0 && box.top < innerHeight;
    });
    return mark ? { key: keyOf(mark), top: mark.getBoundingClientRect().top } : null;
  };
  const isBusy = () => { const selection = getSelection(); return selection && !selection.isCollapsed && main().contains(selection.anchorNode); };
  const put = page => {
    const fresh = page.getElementById("main");
    if (!fresh || !page.body.hasAttribute("data-live")) return;
    const hold = held();
    const open = new Map([...main().querySelectorAll("details")].map(details => [keyOf(details.querySelector("summary")), details.open]));
    const known = new Set([...main().querySelectorAll("[id]")].map(element => element.id));
    const focus = main().contains(document.activeElement) ? keyOf(document.activeElement) : null;
    const headline = main().querySelector("h1")?.textContent;
    const sought = document.getElementById("find")?.value ?? "";
    for (const details of fresh.querySelectorAll("details"))
      if (open.has(keyOf(details.querySelector("summary")))) details.open ||= open.get(keyOf(details.querySelector("summary")));
    const news = [...fresh.querySelectorAll("li[id]")].filter(item => !known.has(item.id));
    for (const item of news) item.classList.add("fresh");
    main().replaceChildren(...fresh.childNodes);
    document.title = page.title;
    const [icon, now] = [document.querySelector("link[rel=icon]"), page.querySelector("link[rel=icon]")];
    if (icon && now && icon.getAttribute("href") !== now.getAttribute("href")) icon.replaceWith(now);
    const [foot, then] = [document.querySelector(".foot"), page.querySelector(".foot")];
    if (foot && then) foot.replaceChildren(...then.childNodes);
    tell();
    if (sought && document.getElementById("find")) document.getElementById("find").value = sought;
    filter();
    if (focus) marks(main()).concat([...main().querySelectorAll("a, button")]).find(element => keyOf(element) === focus)?.focus({ preventScroll: true });
    if (hold) {
      const again = marks(main()).find(element => keyOf(element) === hold.key);
      if (again) scrollBy({ top: again.getBoundingClientRect().top - hold.top, behavior: "instant" });
    }
    const says = main().querySelector("h1")?.textContent;
    if (says !== headline || news.length > 0)
      document.getElementById("news").textContent = own.changed.replace("{0}",
        [says, ...news.map(item => item.textContent)].join(" ").replace(/\s+/g, " ").trim().slice(0, 300));
  };
  const ask = async () => {
    clearTimeout(timer);
    if (waiting) return;
    waiting = true;
    try {
      if (document.visibilityState === "visible" && !isBusy()) {
        const answer = await fetch(location.href, { cache: "no-cache", headers: { accept: "text/html" } });
        const mark = answer.headers.get("etag");
        if (answer.ok && mark !== tag) {
          const page = new DOMParser().parseFromString(await answer.text(), "text/html");
          if (tag !== null || page.getElementById("main")?.textContent !== first) put(page);
          tag = mark;
        }
      }
    } catch { /* The network is away; what is shown stays. */ }
    waiting = false;
    // Spread out, so that not all ask at the same moment.
    timer = setTimeout(ask, every * (0.8 + Math.random() * 0.4));
  };
  const first = new DOMParser().parseFromString(document.documentElement.outerHTML, "text/html").getElementById("main")?.textContent;
  timer = setTimeout(ask, every);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") ask(); });
  addEventListener("pageshow", event => { if (event.persisted) ask(); });
  addEventListener("statuspage:ask", ask);
})();
