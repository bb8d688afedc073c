// The postmortem: hints while somebody types, and a question before typed text is left behind.
(() => {
  "use strict";
  const form = document.querySelector("form[data-postmortem]");
  if (!form) return;
  const quiet = 600;
  const token = form.querySelector("[name=__RequestVerificationToken]").value;
  let dirty = false;

  const ask = async area => {
    const shown = area.parentElement.querySelector(".hints");
    const asked = area.value;
    try {
      const answer = await fetch(form.dataset.postmortem, {
        method: "POST", redirect: "error", body: new URLSearchParams({ text: asked, __RequestVerificationToken: token }),
      });
      // What was typed meanwhile is asked for by itself.
      if (answer.ok && area.value === asked) {
        const html = (await answer.text()).trim();
        if (shown.innerHTML.trim() !== html) shown.innerHTML = html;
      }
    } catch { /* Saving shows the hints as well. */ }
  };
  for (const area of form.querySelectorAll("[data-hinted]")) {
    let timer = 0;
    area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => ask(area), quiet); });
  }

  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { dirty = false; });
  addEventListener("beforeunload", event => { if (dirty) event.preventDefault(); });
})();
