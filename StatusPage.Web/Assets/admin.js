(() => {
  "use strict";
  // The prefix of every path of this page.
  const base = new URL(document.currentScript.src).pathname.replace(/\/assets\/.*$/, "");
  const typing = element => element.closest("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      // From anywhere beside the composer, its own post is meant.
      const form = event.target.closest("form") ?? document.querySelector("form[data-compose]");
      if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("button[data-main]") ?? undefined); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const goal = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (goal) { event.preventDefault(); goal.click(); }
    else if (event.key === "n") { event.preventDefault(); location.href = base + "/admin/incidents/new"; }
    else if (event.key === "u") {
      event.preventDefault();
      const text = document.querySelector("form[data-compose] textarea[name='Update.Body']");
      text?.closest("details")?.setAttribute("open", "");
      if (text) text.focus();
      else location.href = base + "/admin/update";
    }
    else if (event.key === "?") document.getElementById("keys")?.showModal();
  });

  // The time zone that this browser has: taken at the set-up, offered later.
  document.querySelectorAll("input[data-here]").forEach(input => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!here?.includes("/") || here === input.value) return;
    if (!input.dataset.here) {
      if (input.value === "Etc/UTC") input.value = here;
      return;
    }
    const take = Object.assign(document.createElement("button"), {
      type: "button", className: "link", textContent: input.dataset.here.replace("{0}", here.replaceAll("_", " "))
    });
    take.addEventListener("click", () => { input.value = here; take.remove(); });
    input.after(take);
  });

  // On a phone the rooms stand in one row that scrolls; the current one is in sight.
  const rooms = document.querySelector("header nav");
  const here = rooms?.querySelector("[aria-current]");
  if (here) rooms.scrollLeft = here.offsetLeft - rooms.offsetLeft - (rooms.clientWidth - here.offsetWidth) / 2;

  // What waits counts down, in the desk's language.
  const waits = [...document.querySelectorAll("time[data-until]")].map(time => ({ time, at: Date.parse(time.dateTime) }));
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "always" });
  const count = () => {
    for (const { time, at } of waits) {
      const left = Math.round((at - Date.now()) / 1000), size = Math.abs(left);
      time.textContent = size < 120 ? relative.format(left, "second") : size < 7200 ? relative.format(Math.trunc(left / 60), "minute")
        : size < 172800 ? relative.format(Math.trunc(left / 3600), "hour") : relative.format(Math.trunc(left / 86400), "day");
      time.classList.toggle("bad", left < 0);
    }
    setTimeout(count, 1000);
  };
  if (waits.length) count();

  // A form that only asks shows what is chosen at once.
  document.addEventListener("change", event => event.target.closest("form[data-auto]")?.requestSubmit());

  // Counts down to a post. The page asks again by itself when it is over.
  document.querySelectorAll("[data-left]").forEach(part => {
    const end = performance.now() + part.dataset.left * 1000;
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      part.textContent = left > 0 ? part.dataset.word.replace("{0}", left) : part.dataset.over;
      if (left > 0) setTimeout(tick, 200);
    };
    tick();
  });

  // Text that is there to be copied gets a button for that.
  if (navigator.clipboard) for (const area of document.querySelectorAll("textarea[readonly]")) {
    const copy = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy", className: "small" });
    copy.addEventListener("click", async () => { await navigator.clipboard.writeText(area.value); copy.textContent = "Copied"; });
    area.after(copy);
  }

  // One click, one post. The server holds to that too; here it is shown.
  document.addEventListener("submit", event => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.confirm && !confirm(form.dataset.confirm)) { event.preventDefault(); return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    // It leads to a file, so the page stays.
    if (form.dataset.stays !== undefined) return;
    form.dataset.sent = "1";
    setTimeout(() => form.querySelectorAll("button").forEach(button => { button.disabled = true; }));
  });
  addEventListener("pageshow", event => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(form => {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach(button => { button.disabled = false; });
    });
  });

  // What is wrong with a form: the cursor goes to the first field that is named, also to one whose id is not its name.
  const wrong = document.querySelector(".validation-summary-errors");
  const fieldOf = link => document.getElementById(link.hash.slice(1)) ?? document.getElementsByName(link.dataset.field)[0];
  wrong?.addEventListener("click", event => {
    const field = event.target.matches("a[data-field]") && fieldOf(event.target);
    if (field) { event.preventDefault(); field.focus(); }
  });
  const first = wrong && ([...wrong.querySelectorAll("a[data-field]")].map(fieldOf).find(field => field) ?? wrong);
  if (location.hash === "#preview") document.getElementById("preview")?.focus();
  first?.closest("details")?.setAttribute("open", "");
  first?.focus();

  const fault = !wrong && document.querySelector(".input-validation-error, .field-validation-error");
  if (fault) {
    const near = fault.matches("span") ? fault.closest(".field, fieldset, form")?.querySelector("input:not([type=hidden]), select, textarea") : fault;
    near?.focus();
  }

  // What a correction would look like follows the typing.
  document.querySelectorAll("form[data-look]").forEach(form => {
    const shown = document.querySelector("[data-looked]");
    let timer = 0, asked = 0;
    form.querySelectorAll("[data-scriptless]").forEach(button => { button.hidden = true; });
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const mine = ++asked;
        try {
          const answer = await fetch(location.pathname + "?handler=Look", { method: "POST", body: new FormData(form), redirect: "error", cache: "no-store" });
          const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-looked]");
          if (mine === asked && next) shown.replaceChildren(...next.childNodes);
        } catch { /* The next letter asks again. */ }
      }, 400);
    });
  });

  // Fields of an open incident are hidden when "resolved" is chosen, and the other way round.
  const phases = document.querySelectorAll("input[name='Update.Phase']");
  const follow = () => {
    const over = document.querySelector("input[name='Update.Phase']:checked")?.value === "resolved";
    document.querySelectorAll("[data-while=open]").forEach(part => { part.hidden = over; });
    document.querySelectorAll("[data-while=over]").forEach(part => { part.hidden = !over; });
  };
  phases.forEach(phase => phase.addEventListener("change", follow));
  if (phases.length) follow();

  // The progress of deliveries follows by itself: each answer says when to ask again, and the last one does not.
  document.querySelectorAll("[data-follow]").forEach(part => {
    const said = document.querySelector("[data-followed]");
    let tag = null;
    const ask = async () => {
      let after = 5000;
      try {
        if (!document.hidden) {
          const answer = await fetch(part.dataset.follow, { cache: "no-store", redirect: "error", headers: tag ? { "If-None-Match": tag } : {} });
          if (answer.status === 404) return;
          if (answer.status === 200 || answer.status === 304) after = Number(answer.headers.get("Poll-After"));
          // It is not replaced while somebody is about to press a button in it.
          if (answer.status === 200 && !part.contains(document.activeElement)) {
            part.innerHTML = await answer.text();
            tag = answer.headers.get("ETag");
            part.querySelectorAll("[data-scriptless]").forEach(link => { link.hidden = true; });
          } else if (answer.status === 200) after ||= 5000;
        }
      } catch { /* The next one may get through. */ }
      if (after) setTimeout(ask, after);
      else if (said) said.textContent = part.querySelector("[data-summary]")?.textContent ?? "";
    };
    part.querySelectorAll("[data-scriptless]").forEach(link => { link.hidden = true; });
    if (part.dataset.after) setTimeout(ask, Number(part.dataset.after));
  });

  const when = document.querySelector("select[name='Update.NextUpdateIn']");
  const at = document.querySelector("[data-at]");
  if (when && at) {
    const show = () => { at.hidden = when.value !== "at"; };
    when.addEventListener("change", show);
    show();
  }

  // This browser is subscribed under /admin, apart from what the same browser may have asked for as a visitor's.
  document.querySelectorAll("form[data-desk-push]").forEach(form => {
    const said = form.querySelector("[data-said]");
    if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
    form.hidden = false;
    const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), letter => letter.charCodeAt(0));
    form.querySelector("button").addEventListener("click", async () => {
      try {
        if (await Notification.requestPermission() !== "granted") {
          said.textContent = said.dataset.refused;
          return;
        }
        const registration = await navigator.serviceWorker.register(base + "/push-worker.js", { scope: base + "/admin/" });
        const worker = registration.active ?? registration.installing ?? registration.waiting;
        if (worker.state !== "activated") await new Promise(done => worker.addEventListener("statechange", () => worker.state === "activated" && done()));
        const subscription = (
          await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.deskPush) })
        ).toJSON();
        form.elements.Endpoint.value = subscription.endpoint;
        form.elements.PushKey.value = subscription.keys.p256dh;
        form.elements.PushSecret.value = subscription.keys.auth;
        form.submit();
      } catch { said.textContent = said.dataset.unreached; }
    });
  });

  // A time that is typed by the page's clock, in UTC beside it. The server says what it means where clocks are set.
  document.querySelectorAll("input[data-zone]").forEach(input => {
    const beside = input.parentElement.querySelector("[data-utc]");
    const tell = () => {
      const wall = Date.parse(input.value + "Z");
      if (Number.isNaN(wall)) { beside.textContent = ""; return; }
      const parts = at => Object.fromEntries(new Intl.DateTimeFormat("en-US", {
        timeZone: input.dataset.zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric"
      }).formatToParts(at).map(part => [part.type, Number(part.value)]));
      const ahead = at => { const p = parts(at); return Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute) - at; };
      const at = wall - ahead(wall - ahead(wall));
      const year = parts(at).year === parts(Date.now()).year && new Date(at).getUTCFullYear() === parts(at).year ? undefined : "numeric";
      beside.textContent = "= " + new Intl.DateTimeFormat("en-US", {
        timeZone: "UTC", year, month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23"
      }).format(at) + " UTC";
    };
    input.addEventListener("change", tell);
  });
})();
