// Says how good a new password is while it is typed. Without it, the answer comes when the form is sent.
(() => {
  "use strict";
  for (const input of document.querySelectorAll("input[data-strength]")) {
    const shown = input.closest(".field").querySelector(".strength");
    const form = input.form;
    // Below the field, so that nothing moves while somebody types.
    input.after(shown);
    let waiting, latest = 0;
    const ask = async () => {
      const number = ++latest;
      const email = form.elements.Email?.value || shown.dataset.strengthOf || "";
      const answer = await fetch(shown.dataset.ask, {
        method: "POST", body: new URLSearchParams({ password: input.value, email }), redirect: "error"
      }).catch(() => null);
      if (number !== latest) return;
      shown.hidden = !answer?.ok;
      if (!answer?.ok) return;
      const { score, objection } = await answer.json();
      shown.querySelector("meter").value = score;
      shown.querySelector("span").textContent = objection ?? shown.dataset[score > 3 ? "strong" : score > 2 ? "good" : "enough"];
    };
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      if (input.value) waiting = setTimeout(ask, 250);
      else shown.hidden = ++latest > 0;
    });
  }
})();
