// Adds to each absolute time what the clock makes of it: the time left or gone, and the reader's own zone in the title.
(() => {
  "use strict";
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "always" });
  const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const words = seconds => {
    const size = Math.abs(seconds);
    for (const [unit, length] of units) if (size >= length || unit === "minute") return relative.format(Math.round(seconds / length), unit);
  };
  const tell = () => {
    for (const time of document.querySelectorAll("time[datetime]")) {
      const at = Date.parse(time.dateTime);
      if (!time.title) time.title = local.format(at) + " where you are";
      const kind = time.dataset.rel;
      if (!kind) continue;
      let beside = time.nextElementSibling;
      if (!beside || !beside.classList.contains("rel")) {
        beside = document.createElement("span");
        beside.className = "rel";
        time.after(" ", beside);
      }
      const seconds = (at - Date.now()) / 1000;
      // What is promised is never told as gone; the page itself says so when it is overdue.
      const text = kind === "left" && seconds <= 0 ? "" : "(" + words(seconds) + ")";
      if (beside.textContent !== text) beside.textContent = text;
    }
  };
  tell();
  setInterval(tell, 15000);
})();
