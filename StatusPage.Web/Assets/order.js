(() => {
  "use strict";
  // Components are rows of a table, groups its bodies: both are moved by their handle, by Alt and an arrow key, or by the arrows beside them.
  const table = document.querySelector("[data-order]");
  const said = document.querySelector("[data-ordered]");
  if (!table) return;
  const isGroup = item => item.tagName === "TBODY";
  const itemOf = element => { const row = element.closest("tr"); return row.classList.contains("group") ? row.closest("tbody") : row; };
  const placesOf = item => [...item.parentElement.children].filter(one => one.dataset.id && one.tagName === item.tagName);
  const write = (text, ...parts) => text.replace(/\{(\d)\}/g, (_, i) => parts[i]);

  const save = async item => {
    const places = placesOf(item);
    const at = places.indexOf(item);
    said.textContent = write(said.dataset.one, item.dataset.name, at + 1, places.length);
    const body = new URLSearchParams(new FormData(item.querySelector("form")));
    body.set("at", at);
    if (!isGroup(item)) body.set("group", item.parentElement.dataset.id ?? "");
    try {
      const answer = await fetch(isGroup(item) ? table.dataset.url : table.dataset.members, { method: "POST", body, redirect: "manual" });
      if (answer.type !== "opaqueredirect") throw new Error();
    } catch { said.textContent = said.dataset.refused; said.classList.remove("visually-hidden"); said.classList.add("bad"); }
  };

  const move = (item, by) => {
    const places = placesOf(item);
    const other = places[places.indexOf(item) + by];
    if (!other) return;
    other[by < 0 ? "before" : "after"](item);
    save(item);
  };

  table.addEventListener("submit", event => {
    event.preventDefault();
    event.stopPropagation();
    move(itemOf(event.target), Number(event.submitter.value));
    event.submitter.focus();
  });
  table.addEventListener("keydown", event => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const item = event.altKey && by ? itemOf(event.target) : null;
    if (!item?.dataset.id) return;
    event.preventDefault();
    move(item, by);
    event.target.focus();
  });

  let dragged = null;
  table.addEventListener("pointerdown", event => {
    if (!event.target.matches("[data-grip]")) return;
    dragged = itemOf(event.target);
    dragged.classList.add("dragged");
    event.target.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  table.addEventListener("pointermove", event => {
    if (!dragged) return;
    const under = document.elementFromPoint(table.getBoundingClientRect().left + 20, event.clientY);
    const row = under?.closest("[data-order] tr");
    const body = row?.closest("tbody");
    if (!body || dragged.contains(row)) return;
    if (isGroup(dragged)) {
      if (!body.dataset.id) return;
      const box = body.getBoundingClientRect();
      body[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
    } else {
      const box = row.getBoundingClientRect();
      row[row.classList.contains("group") || event.clientY >= box.top + box.height / 2 ? "after" : "before"](dragged);
    }
  });
  const drop = () => {
    if (!dragged) return;
    dragged.classList.remove("dragged");
    save(dragged);
    dragged = null;
  };
  table.addEventListener("pointerup", drop);
  table.addEventListener("pointercancel", drop);
})();
