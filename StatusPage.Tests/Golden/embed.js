/* A banner while something is wrong, and the height of frames. Options: Set-up, Badges and embeds. */
(() => {
  try {
    const me = document.currentScript, at = new URL(me.src), { position, lang = "en", overlay } = me.dataset;
    const base = at.href.replace(/\/embed\.js.*$/, ""), key = "statuspage:" + base, id = "statuspage-banner";
    const words = { en: ["Dismiss", " and # more"], de: ["Schließen", " und noch #"], fr: ["Fermer", " et # de plus"], es: ["Cerrar", " y # más"], pt: ["Fechar", " e mais #"], ja: ["閉じる", "、ほか#件"], zh: ["关闭", "，另有 # 项"], ar: ["إغلاق", " و# أخرى"] };
    const [dismiss, more] = words[lang] || words.en;
    const ready = act => document.body ? act() : addEventListener("DOMContentLoaded", act);

    const isOurs = frame => frame.contentWindow && frame.src.startsWith(base + "/") && /\/embed(\?|$)/.test(frame.src);
    const ask = frame => isOurs(frame) && frame.contentWindow.postMessage({ statuspage: "height?" }, at.origin);
    addEventListener("message", ({ origin, data, source }) => {
      if (origin !== at.origin || data?.statuspage !== "height") return;
      const frame = [...document.querySelectorAll("iframe")].find(one => one.contentWindow === source && isOurs(one));
      if (frame && data.height > 0 && data.height < 2000) frame.style.height = data.height + "px";
    });
    document.addEventListener("load", event => ask(event.target), true);
    ready(() => document.querySelectorAll("iframe").forEach(ask));
    if (me.dataset.show === "frame") return;

    const kept = value => { try { return value ? localStorage.setItem(key, value) : localStorage.getItem(key); } catch { return null; } };
    const show = (text, href, tone, mark) => {
      if (document.getElementById(id)) return;
      const make = (name, style, more) => Object.assign(document.createElement(name), more, { style });
      const isBottom = position === "bottom";
      const box = make("div", `left:0;right:0;z-index:2147483000;${isBottom ? "bottom" : "top"}:0;position:${overlay !== undefined ? "fixed" : isBottom ? "sticky" : "relative"}`, { id });
      const bar = make("div", `display:flex;gap:12px;justify-content:center;align-items:center;padding:10px 16px;background:${tone};color:#fff;font:600 14px/1.4 system-ui,sans-serif`, { lang, dir: lang === "ar" ? "rtl" : "ltr", role: "status" });
      const close = make("button", "background:none;border:1px solid;border-radius:4px;color:#fff;font:inherit;min-width:28px;height:28px;cursor:pointer", { textContent: "×", onclick: () => { kept(mark); box.remove(); }, ariaLabel: dismiss });
      bar.append(make("a", "color:#fff;overflow-wrap:anywhere", { textContent: text, href, target: "_blank", rel: "noopener" }), close);
      box.attachShadow({ mode: "closed" }).append(bar);
      document.body[isBottom ? "after" : "before"](box);
    };
    const token = at.searchParams.get("token"), headers = token ? { authorization: "Bearer " + token } : {};
    fetch(base + "/api/v2/summary.json", { cache: "no-cache", credentials: "omit", headers }).then(answer => answer.json()).then(data => {
      const rank = one => ["critical", "major", "minor", "none"].indexOf(one.impact);
      const wrong = [...data.incidents.sort((a, b) => rank(a) - rank(b)), ...data.scheduled_maintenances.filter(one => /^(in_progress|verifying)$/.test(one.status))];
      const [worst] = wrong, mark = wrong.map(one => one.id + one.updated_at).join();
      if (!worst || kept() === mark) return;
      const tone = { critical: "#b3261e", major: "#b3440a", maintenance: "#0b5cad" }[worst.impact] || "#7a5000";
      const others = wrong.length - 1, home = (lang === "en" ? base : base + "/" + lang) + "/";
      ready(() => show(worst.name + (others ? more.replace("#", others) : ""), others ? home : home + "incidents/" + worst.id, tone, mark));
    }).catch(() => {});
  } catch {}
})();
