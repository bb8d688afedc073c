// The composer: keeps what is typed, and shows what every channel would make of it.
(() => {
  "use strict";
  const form = document.querySelector("form[data-compose]");
  if (!form) return;
  const shelf = document.querySelector("[data-preview]");
  const kept = form.querySelector("[data-kept]");
  const goes = form.querySelector("[data-goes]");
  const where = "unsent " + location.pathname;
  const quiet = 400;
  const parted = {
    1: "Somebody else writes in that draft too. Yours goes on as a draft of its own.",
    resolved: "The alert has resolved and its draft was closed. Yours is saved as a draft.",
    fires: "The alert fires again and the draft of the end was thrown away. Yours is saved as a draft.",
  };
  let timer = 0, saving = null, dirty = false, leaving = false, chosen = "page";

  form.querySelectorAll("[data-scriptless]").forEach(part => { part.hidden = true; });
  const say = text => { if (kept.textContent !== text) kept.textContent = text; };
  const field = name => form.querySelector(`[name="${name}"]`);

  // Shows what the severity proposes, in the words of the choices that leave it to the severity.
  const severity = form.querySelector("[data-severity]");
  const rated = () => severity?.querySelector("input:checked, option:checked")?.dataset ?? {};
  const propose = () => {
    const rule = rated();
    form.querySelectorAll("[data-cadence-word]").forEach(option => {
      option.dataset.plain ??= option.textContent;
      option.textContent = rule.cadence ?? option.dataset.plain;
    });
    form.querySelectorAll("[data-proposed]").forEach(option => {
      if (option.tagName !== "OPTION") return;
      option.dataset.plain ??= option.textContent;
      option.textContent = rule.proposed ? pick.dataset.says.replace("{0}", rule.proposed) : option.dataset.plain;
      if (rule.status) option.dataset.state = rule.status;
    });
    const meaning = form.querySelector("[data-meaning]:not(input)");
    if (meaning) meaning.textContent = rule.meaning ?? "";
    form.querySelectorAll("[data-row]").forEach(mark);
  };

  // Components: found by their name, ticked, and gathered on top with their states.
  const pick = form.querySelector("[data-pick]");
  const mark = row => {
    const as = row.querySelector("[data-as]"), state = as.querySelector("select").selectedOptions[0].dataset.state;
    if (!state) return;
    as.className = "as state " + state;
    as.querySelector("use").setAttribute("href", "#s-" + state);
  };
  if (pick) {
    const chosen = pick.querySelector("[data-chosen]"), find = pick.querySelector("[data-find]"), said = pick.querySelector("[data-found]");
    const groups = [...pick.querySelectorAll("[data-group]")];
    const home = new Map();
    const rows = [...pick.querySelectorAll("[data-row]")];
    const wholes = [...pick.querySelectorAll("[data-whole]")];
    const tickOf = row => row.querySelector("[data-tick]");
    // Who was chosen before belongs to the group that names it.
    rows.forEach(row => {
      const whole = wholes.find(box => box.value.split(" ").includes(tickOf(row)?.value));
      home.set(row, row.closest("[data-group]") ?? whole?.closest("details").querySelector("[data-group]") ?? groups[0]);
    });
    // The boxes of the components say it all.
    wholes.forEach(box => box.removeAttribute("name"));
    const settle = row => {
      const tick = tickOf(row);
      if (!tick) return;
      const select = row.querySelector("select");
      if (!tick.checked) select.value = "";
      const list = tick.checked ? chosen : home.get(row);
      if (row.parentElement !== list) {
        const focused = row.contains(document.activeElement) ? document.activeElement : null;
        const next = [...list.children].find(other => Number(other.dataset.place) > Number(row.dataset.place));
        list.insertBefore(row, list === chosen ? null : next ?? null);
        // The next one to tick has the cursor, so that a list can be gone through.
        if (focused) (list === chosen ? find ?? focused : focused).focus();
      }
      mark(row);
    };
    const weigh = () => wholes.forEach(box => {
      const ids = box.value.split(" "), ticked = ids.filter(id => pick.querySelector(`#tick-${id}`)?.checked).length;
      box.checked = ticked === ids.length;
      box.indeterminate = ticked > 0 && ticked < ids.length;
    });
    pick.addEventListener("change", event => {
      const row = event.target.closest("[data-row]");
      if (event.target.matches("[data-whole]")) {
        const ids = event.target.value.split(" ");
        rows.filter(one => ids.includes(tickOf(one)?.value)).forEach(one => { tickOf(one).checked = event.target.checked; settle(one); });
      } else if (row) {
        const tick = tickOf(row);
        if (event.target.matches("select") && tick && event.target.value) tick.checked = true;
        settle(row);
      }
      weigh();
    });
    weigh();
    if (find) {
      find.hidden = false;
      if (find.autofocus && !document.querySelector(".field-validation-error, .validation-summary-errors")) find.focus();
      const folded = [...pick.querySelectorAll(".list details")];
      const open = new Set(folded.filter(part => part.open));
      const look = () => {
        const word = find.value.trim().toLowerCase();
        let found = 0;
        groups.forEach(group => {
          const part = group.closest("details"), named = word && part?.querySelector("summary").textContent.toLowerCase().includes(word);
          let here = 0;
          [...group.children].forEach(row => {
            row.hidden = !!word && !named && !row.dataset.name.includes(word);
            if (!row.hidden) here++;
          });
          found += here;
          if (part) { part.hidden = !!word && here === 0; part.open = word ? here > 0 : open.has(part); }
        });
        said.textContent = !word ? "" : found ? String(found) : find.dataset.none;
      };
      folded.forEach(part => part.addEventListener("toggle", () => { if (!find.value) { if (part.open) open.add(part); else open.delete(part); } }));
      find.addEventListener("input", event => { event.stopPropagation(); look(); });
      find.addEventListener("change", event => event.stopPropagation());
      find.addEventListener("keydown", event => {
        if (event.key === "Escape" && find.value) { event.preventDefault(); find.value = ""; look(); }
        if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        const first = find.value.trim() && groups.flatMap(group => [...group.children]).find(row => !row.hidden && tickOf(row));
        if (!first) return;
        tickOf(first).checked = true;
        find.value = "";
        tickOf(first).dispatchEvent(new Event("change", { bubbles: true }));
        look();
      });
    }
  }
  if (severity) { severity.addEventListener("change", propose); propose(); }

  // Enter in a line goes on to the next field; Ctrl+Enter posts.
  form.addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches("input:not([type=checkbox], [type=radio])")) return;
    event.preventDefault();
    const fields = [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(one => one.offsetParent);
    fields[fields.indexOf(event.target) + 1]?.focus();
  });

  // The final update starts without what merely repeats the update before it; the server has the same rule.
  const carried = [...form.querySelectorAll("[data-carried]")].filter(input => input.dataset.carried);
  form.querySelectorAll("input[name='Update.Phase']").forEach(phase => phase.addEventListener("change", () => {
    const over = phase.value === "resolved";
    carried.forEach(input => {
      if (over && input.value === input.dataset.carried) { input.value = ""; input.dataset.emptied = ""; }
      else if (!over && input.value === "" && "emptied" in input.dataset) { input.value = input.dataset.carried; delete input.dataset.emptied; }
    });
  }));

  // A group's own words are asked for once the group is addressed.
  form.querySelectorAll("[data-if]").forEach(part => {
    const box = document.getElementById(part.dataset.if);
    const show = () => { part.hidden = !box.checked; };
    box.addEventListener("change", show);
    show();
  });

  const template = form.querySelector("[data-template]");
  template?.addEventListener("change", () => {
    if (template.value) form.requestSubmit(template.parentElement.querySelector("button"));
  });

  // Where the server cannot be reached, this browser keeps the text, until it can.
  const keepHere = () => {
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !name.startsWith("__") && name !== "Token");
    try { localStorage.setItem(where, JSON.stringify({ at: Date.now(), fields })); } catch { /* Full or forbidden: the page still holds it. */ }
  };
  const restore = () => {
    let left;
    try { left = JSON.parse(localStorage.getItem(where)); } catch { left = null; }
    if (!left) return;
    const bar = document.createElement("p");
    bar.className = "done";
    bar.setAttribute("role", "status");
    const text = document.createElement("span");
    text.textContent = `This browser has text from ${new Date(left.at).toLocaleString()} that was never saved. `;
    const button = (name, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "link";
      made.textContent = name;
      made.onclick = () => { act(); bar.remove(); };
      return made;
    };
    bar.append(text, button("Put it back", () => {
      form.querySelectorAll("input[type=checkbox]").forEach(box => { box.checked = false; });
      for (const [name, value] of left.fields)
        form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach(input => {
          if (input.type === "checkbox" || input.type === "radio") { if (input.value === value) input.checked = true; }
          else if (input.type !== "hidden") input.value = value;
        });
      form.querySelectorAll("[data-tick], [data-as] select").forEach(input => input.dispatchEvent(new Event("change", { bubbles: true })));
      changed();
    }), " ", button("Forget it", () => localStorage.removeItem(where)));
    form.before(bar);
  };

  const changed = () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, quiet);
  };

  const keep = async () => {
    if (leaving) return;
    if (saving) { timer = setTimeout(keep, quiet); return; }
    dirty = false;
    saving = (async () => {
      try {
        const answer = await fetch(location.pathname + "?handler=Keep", {
          method: "POST", body: new FormData(form), redirect: "manual", cache: "no-store"
        });
        if (answer.ok) {
          const id = answer.headers.get("Draft-Id");
          if (id) {
            field("DraftId").value = id;
            field("DraftVersion").value = answer.headers.get("Draft-Version");
            const address = `${location.pathname}?draft=${id}`;
            if (location.pathname + location.search !== address) history.replaceState(null, "", address);
            say(parted[answer.headers.get("Draft-Parted")] ?? "Saved as a draft");
          }
          localStorage.removeItem(where);
          await show(await answer.text());
          return;
        }
        keepHere();
        if (answer.status === 409) { changed(); return; }
        say(answer.status === 401 || answer.type === "opaqueredirect"
          ? "Your session has ended. This browser keeps what you type; sign in in another tab, and it is saved."
          : answer.status === 422 ? await answer.text() : "Not saved: the server has trouble. This browser keeps what you type.");
      } catch {
        keepHere();
        say("Not saved: the server cannot be reached. This browser keeps what you type.");
      }
      dirty = true;
      timer = setTimeout(keep, 5000);
    })();
    await saving;
    saving = null;
  };

  // The old previews stay until the new one that is looked at has loaded.
  const show = async html => {
    if (!shelf) return;
    const next = document.createElement("div");
    next.innerHTML = html;
    next.className = "behind";
    const says = next.querySelector("[data-button]"), post = form.querySelector("[data-post]"), submit = form.querySelector("[data-submit]");
    if (says && post) {
      post.querySelector("[data-button-says]").textContent = says.textContent.trim();
      if (submit) {
        const submits = says.dataset.needs === "submit";
        for (const [button, isMain] of [[post, !submits], [submit, submits]]) {
          button.toggleAttribute("data-main", isMain);
          button.classList.toggle("quiet", !isMain);
        }
      }
    }
    const reach = next.querySelector("[data-reach]");
    if (reach && goes) { goes.textContent = reach.textContent; reach.hidden = true; }
    choose(next);
    shelf.append(next);
    const frame = next.querySelector("[role=tabpanel]:not([hidden]) iframe");
    if (frame) await new Promise(done => { frame.onload = done; setTimeout(done, 2000); });
    const focus = shelf.contains(document.activeElement) ? document.activeElement.id : null;
    next.className = "";
    shelf.replaceChildren(next);
    if (focus) document.getElementById(focus)?.focus();
  };

  const choose = part => {
    const list = part.querySelector("[data-tabs]");
    if (!list) return;
    const tabs = [...list.querySelectorAll("[role=tab]")];
    list.hidden = false;
    part.querySelectorAll("[data-scriptless]").forEach(head => { head.hidden = true; });
    if (!tabs.some(tab => tab.id === "tab-" + chosen)) chosen = tabs[0]?.id.slice(4);
    const select = tab => {
      chosen = tab.id.slice(4);
      tabs.forEach(other => {
        const on = other === tab;
        other.setAttribute("aria-selected", on);
        other.tabIndex = on ? 0 : -1;
        part.querySelector("#panel-" + CSS.escape(other.id.slice(4))).hidden = !on;
      });
    };
    tabs.forEach((tab, at) => {
      tab.onclick = () => select(tab);
      tab.onkeydown = event => {
        const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        const next = tabs[(to + tabs.length) % tabs.length];
        select(next);
        next.focus();
      };
    });
    select(tabs.find(tab => tab.id === "tab-" + chosen) ?? tabs[0]);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  addEventListener("pageshow", event => { if (event.persisted) leaving = false; });
  // Saves when the tab is closed in the middle of a sentence.
  addEventListener("pagehide", () => { if (dirty && !leaving) navigator.sendBeacon(location.pathname + "?handler=Keep", new FormData(form)); });

  restore();
  if (shelf?.children.length) choose(shelf);
  else keep();
})();
