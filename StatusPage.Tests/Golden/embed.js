/* A banner that says so when something is wrong. <script src=".../embed.js" async data-position="top" data-lang="en"></script> */
(() => {
  try {
    const me = document.currentScript, at = new URL(me.src), { position = "top", lang = "en" } = me.dataset;
    const base = at.href.replace(/\/embed\.js.*$/, ""), key = "statuspage:" + base, id = "statuspage-banner";
    const words = { en: "Dismiss", de: "Schließen", fr: "Fermer", es: "Cerrar", pt: "Fechar", ja: "閉じる", zh: "关闭", ar: "إغلاق" };
    const kept = value => { try { return value ? localStorage.setItem(key, value) : localStorage.getItem(key); } catch { return null; } };
    const show = (text, href, tone, mark) => {
      if (document.getElementById(id)) return;
      const box = document.createElement("div"), root = box.attachShadow({ mode: "closed" }), bar = document.createElement("div"), link = document.createElement("a"), close = document.createElement("button");
      box.id = id;
      bar.setAttribute("role", "status");
      bar.lang = lang;
      Object.assign(bar.style, { position: "fixed", [position === "bottom" ? "bottom" : "top"]: 0, left: 0, right: 0, zIndex: 2147483000, display: "flex", gap: "12px", justifyContent: "center", alignItems: "center", padding: "10px 16px", background: tone, color: "#fff", font: "600 14px/1.4 system-ui,sans-serif" });
      Object.assign(link, { textContent: text, href, target: "_blank", rel: "noopener" });
      Object.assign(link.style, { color: "#fff" });
      Object.assign(close, { textContent: "×", type: "button" });
      close.setAttribute("aria-label", words[lang] || words.en);
      Object.assign(close.style, { background: "none", border: "1px solid #fff", borderRadius: "4px", color: "#fff", font: "inherit", minWidth: "28px", minHeight: "28px", cursor: "pointer" });
      close.onclick = () => { kept(mark); box.remove(); };
      bar.append(link, close);
      root.append(bar);
      document.body.append(box);
    };
    fetch(base + "/api/v2/summary.json", { cache: "no-cache", credentials: "omit" }).then(answer => answer.json()).then(data => {
      const wrong = data.incidents[0] || data.scheduled_maintenances.find(one => /^(in_progress|verifying)$/.test(one.status));
      if (!wrong) return;
      const mark = wrong.id + wrong.updated_at;
      if (kept() === mark) return;
      const tone = { critical: "#b3261e", major: "#b3440a", maintenance: "#0b5cad" }[wrong.impact] || "#7a5000";
      const go = () => show(wrong.name, (lang === "en" ? base : base + "/" + lang) + "/incidents/" + wrong.id, tone, mark);
      document.body ? go() : addEventListener("DOMContentLoaded", go);
    }).catch(() => {});
  } catch { /* The page that it stands on goes on. */ }
})();
