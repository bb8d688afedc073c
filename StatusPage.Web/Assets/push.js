// Subscribes this browser to notifications, or ends that. Without support, or while the owner has it turned off, its part of the page stays hidden.
(() => {
  "use strict";
  // The prefix of every path of this page.
  const base = new URL(document.currentScript.src).pathname.replace(/\/assets\/.*$/, "");
  const part = document.querySelector("[data-push-key]");
  if (!part || !("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
  const [start, stop, said] = ["[data-push=start]", "[data-push=stop]", "[data-push=said]"].map(name => part.querySelector(name));
  const say = text => { said.textContent = text; };
  const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), letter => letter.charCodeAt(0));
  const show = subscribed => { start.hidden = subscribed; stop.hidden = !subscribed; };
  const post = async (path, body) => {
    const answer = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).message ?? "The page did not take it. Try again in a moment.");
  };
  const current = async () => (await navigator.serviceWorker.getRegistration(base + "/"))?.pushManager.getSubscription();
  const act = (button, work) => button.addEventListener("click", async () => {
    button.disabled = true;
    try { await work(); } catch (error) { say(error.message); } finally { button.disabled = false; }
  });

  act(start, async () => {
    say("");
    if (await Notification.requestPermission() !== "granted") {
      say("This browser does not allow notifications from here. Allow them in its settings, then try again.");
      return;
    }
    const registration = await navigator.serviceWorker.register(base + "/push-worker.js", { scope: base + "/" });
    await navigator.serviceWorker.ready;
    let subscription;
    try { subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(part.dataset.pushKey) }); }
    catch { say("This browser could not reach its notification service. Subscribe by email instead."); return; }
    const component_ids = [...document.querySelectorAll("input[name=ComponentIds]:checked")].map(box => box.value);
    try { await post(base + "/subscribe/browser", { ...subscription.toJSON(), component_ids }); }
    catch (error) { await subscription.unsubscribe(); throw error; }
    show(true);
    say("This browser is told of the next update.");
  });

  act(stop, async () => {
    const subscription = await current();
    if (subscription) {
      await post(base + "/subscribe/browser/end", { endpoint: subscription.endpoint });
      await subscription.unsubscribe();
    }
    show(false);
    say("This browser is not told any more.");
  });

  part.hidden = false;
  current().then(subscription => show(Boolean(subscription)), () => show(false));
})();
