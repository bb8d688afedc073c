// Signs in by passkey and adds one. Without support its forms stay hidden; everything else works without it.
(() => {
  "use strict";
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const said = form.querySelector("[data-said]");
    const creates = form.dataset.passkey === "create";
    form.hidden = false;
    form.addEventListener("submit", async event => {
      event.preventDefault();
      said.textContent = "";
      try {
        const answer = await fetch(form.dataset.options, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "error" });
        if (!answer.ok) throw new Error(answer.status === 429 ? said.dataset.busy : said.dataset.odd);
        const options = await answer.json();
        const credential = creates
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
        form.elements.credential.value = JSON.stringify(credential.toJSON());
        form.submit();
      } catch (error) {
        said.textContent = error.name === "NotAllowedError" ? said.dataset.cancelled
          : error.name === "InvalidStateError" ? said.dataset.known
          : error.name === "SecurityError" ? said.dataset.insecure : error.message;
      }
    });
  }
})();
