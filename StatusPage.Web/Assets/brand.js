// Says while a colour is chosen whether it can be read, and offers the nearest that can. The server (Accents.cs) has the last word.
(() => {
  "use strict";
  const parse = text => {
    const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
    if (!digits) return null;
    const whole = digits.length === 3 ? [...digits].map(digit => digit + digit).join("") : digits;
    return [0, 2, 4].map(at => parseInt(whole.slice(at, at + 2), 16));
  };
  const write = colour => "#" + colour.map(channel => Math.round(channel).toString(16).padStart(2, "0")).join("");
  const luminance = colour => {
    const [red, green, blue] = colour.map(channel => channel / 255).map(share => share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  for (const input of document.querySelectorAll("input[data-accent]")) {
    const bg = parse(input.dataset.bg), soft = parse(input.dataset.soft);
    const fits = colour => contrast(colour, bg) >= 4.5 && contrast(colour, soft) >= 3;
    const nearest = colour => {
      const goal = contrast([0, 0, 0], bg) > contrast([255, 255, 255], bg) ? [0, 0, 0] : [255, 255, 255];
      for (let share = 0; share < 100; share++) {
        const near = colour.map((channel, at) => Math.round((goal[at] * share + channel * (100 - share)) / 100));
        if (fits(near)) return near;
      }
      return goal;
    };
    const well = Object.assign(document.createElement("input"), { type: "color", ariaLabel: input.dataset.well });
    const said = Object.assign(document.createElement("p"), { className: "hint" });
    const sample = Object.assign(document.createElement("span"), { className: "sample", ariaHidden: "true", textContent: "Aa" });
    const words = Object.assign(document.createElement("span"), { role: "status" });
    const take = Object.assign(document.createElement("button"), { type: "button", className: "quiet small" });
    said.append(sample, " ", words, " ", take);
    input.after(well, said);
    const tell = () => {
      const colour = parse(input.value);
      said.hidden = !colour;
      input.setCustomValidity("");
      if (!colour) return;
      well.value = write(colour);
      sample.style.background = write(colour);
      sample.style.color = input.dataset.bg;
      const isFit = fits(colour), text = input.dataset[isFit ? "good" : "bad"].replace("{0}", (Math.floor(contrast(colour, bg) * 10) / 10).toFixed(1));
      words.textContent = text;
      words.className = isFit ? "" : "bad";
      take.hidden = isFit;
      take.value = write(nearest(colour));
      take.textContent = input.dataset.take.replace("{0}", take.value);
      input.setCustomValidity(isFit ? "" : text);
    };
    const set = value => { input.value = value; tell(); };
    well.value = write(parse(input.value || input.placeholder || input.dataset.soft) ?? [0, 0, 0]);
    well.addEventListener("input", () => set(well.value));
    take.addEventListener("click", () => { set(take.value); input.focus(); });
    input.addEventListener("input", tell);
    tell();
  }
})();
