// Draws the charts of the page from the rows beside them, sorts tables, walks the map of topics.
"use strict";
(() => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const tip = document.getElementById("tip");
  const figures = [...document.querySelectorAll(".chart")].map((chart) => {
    const id = chart.id.replace(/-chart$/, "");
    const packed = JSON.parse(document.getElementById(id + "-data").textContent);
    return { chart, id, spec: packed.chart, rows: packed.rows, titles: packed.titles, walk: packed.walk };
  });
  const views = new Map();
  const palettes = {
    light: { ink: "#1b2330", soft: "#4b5667", line: "#d8dde5", one: "#2f6fca", card: "#ffffff", ramp: ["#e3edfa", "#7fb0ea", "#2f6fca", "#123a7a"],
      many: ["#2f6fca", "#d9731a", "#2a8f5b", "#b8405e", "#7a5fc0", "#8a6a2c", "#1d93a8", "#c05bb0", "#6f7d8f", "#94b523", "#3c4ea0"] },
    dark: { ink: "#e7ebf2", soft: "#aeb8c8", line: "#333d4c", one: "#6fa8f5", card: "#1a202a", ramp: ["#22324d", "#3f73b8", "#9cc7ff", "#eaf3ff"],
      many: ["#6fa8f5", "#f2a154", "#67c793", "#ef7f98", "#b09af0", "#d0ad62", "#5cc6d8", "#e394d6", "#a5b1c2", "#c6dc62", "#8a9bea"] },
  };

  function config(name, width) {
    const p = palettes[name];
    const label = width < 420 ? 120 : 230;
    return {
      background: null, font: "system-ui, sans-serif", view: { stroke: null }, aria: false,
      axis: { labelColor: p.soft, titleColor: p.soft, gridColor: p.line, domainColor: p.line, tickColor: p.line, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, labelLimit: label },
      axisX: { labelLimit: 110 }, axisXBand: { grid: false }, axisYBand: { grid: false, ticks: false, domain: false },
      legend: { labelColor: p.ink, titleColor: p.soft, labelFontSize: 12, labelLimit: 190 },
      mark: { color: p.one, tooltip: null }, bar: { color: p.one }, line: { strokeWidth: 2 }, text: { color: p.ink },
      range: { category: p.many, ramp: p.ramp, heatmap: p.ramp },
    };
  }

  function told(value, kind) {
    if (value === null || value === undefined || value === "") return "–";
    if (typeof value !== "number") return String(value);
    if (kind === "share") return (100 * value).toLocaleString("en", { maximumFractionDigits: 3 }) + " %";
    return value.toLocaleString("en", { maximumFractionDigits: 4 });
  }

  function tooltip(titles) {
    return (_, event, item, value) => {
      tip.hidden = !value;
      if (!value || !item || !item.datum) return;
      tip.textContent = Object.keys(value)
        .map((key) => {
          const [title, kind] = titles[key] || [key, "text"];
          return title + ": " + told(item.datum[key], kind);
        })
        .join("\n");
      const x = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
      const below = event.clientY + 18 + tip.offsetHeight < innerHeight;
      tip.style.left = Math.max(8, x) + "px";
      tip.style.top = (below ? event.clientY + 18 : event.clientY - tip.offsetHeight - 12) + "px";
    };
  }

  function slim(chart, width) {
    const spec = JSON.parse(JSON.stringify(chart));
    spec.autosize = { type: "fit-x", contains: "padding" };
    const color = spec.encoding && spec.encoding.color;
    if (color && color.legend && color.legend.columns) color.legend.columns = Math.max(1, Math.floor(width / 210));
    return spec;
  }

  async function draw(figure, name) {
    const width = figure.chart.clientWidth;
    const spec = slim(figure.spec, width);
    spec.datasets = { rows: figure.rows };
    const full = vegaLite.compile(spec, { config: config(name, width), logger: vega.logger(vega.Error) }).spec;
    if (views.has(figure.id)) views.get(figure.id).finalize();
    figure.chart.replaceChildren();
    const view = new vega.View(vega.parse(full, null, { ast: true }), {
      renderer: "svg", container: figure.chart, hover: true, expr: expressionInterpreter, logLevel: vega.Error,
    });
    views.set(figure.id, view);
    view.tooltip(tooltip(figure.titles));
    await view.runAsync();
    // the figure is one image with a name and a table; its marks are not read one by one
    figure.chart.querySelector("svg").setAttribute("aria-hidden", "true");
  }

  async function drawAll(name) {
    root.dataset.theme = name;
    button.setAttribute("aria-pressed", String(name === "dark"));
    for (const figure of figures) await draw(figure, name);
    root.dataset.drawn = name;
  }

  const dark = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  const theme = () => chosen || (dark.matches ? "dark" : "light");
  button.addEventListener("click", () => {
    chosen = theme() === "dark" ? "light" : "dark";
    drawAll(chosen);
  });
  dark.addEventListener("change", () => drawAll(theme()));
  addEventListener("beforeprint", () => { root.dataset.theme = "light"; });
  matchMedia("print").addEventListener("change", (event) => drawAll(event.matches ? "light" : theme()));
  let timer = 0;
  let wide = innerWidth;
  addEventListener("resize", () => {
    clearTimeout(timer);
    if (Math.abs(innerWidth - wide) > 40) timer = setTimeout(() => { wide = innerWidth; drawAll(theme()); }, 200);
  });

  for (const sort of document.querySelectorAll("th .sort")) {
    sort.addEventListener("click", () => {
      const head = sort.closest("th");
      const up = head.getAttribute("aria-sort") === "descending";
      const at = [...head.parentNode.children].indexOf(head);
      const body = head.closest("table").tBodies[0];
      const key = (row) => row.cells[at].textContent;
      const number = head.classList.contains("number");
      const value = (row) => (number ? parseFloat(key(row).replace(/[,%≤]/g, "")) || 0 : key(row));
      const rows = [...body.rows].sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
      for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      body.append(...(up ? rows : rows.reverse()));
    });
  }

  function walk(figure) {
    const card = document.getElementById("figure-" + figure.id);
    const select = card.querySelector("select");
    const place = card.querySelector(".place");
    const whole = Object.fromEntries(figure.spec.params.map((one) => [one.name, one.value]));
    let box = { ...whole };
    const show = (next) => {
      box = next;
      const view = views.get(figure.id);
      for (const name of Object.keys(box)) view.signal(name, box[name]);
      for (const one of figure.spec.params) one.value = box[one.name];
      view.runAsync();
    };
    const middle = () => ({ x: (box.x0 + box.x1) / 2, y: (box.y0 + box.y1) / 2 });
    const zoom = (factor, at = middle()) => show(Object.fromEntries(["x", "y"].flatMap((axis) => [
      [axis + "0", at[axis] - (at[axis] - box[axis + "0"]) * factor],
      [axis + "1", at[axis] + (box[axis + "1"] - at[axis]) * factor],
    ])));
    const move = (dx, dy) => {
      const [w, h] = [(box.x1 - box.x0) * dx, (box.y1 - box.y0) * dy];
      show({ x0: box.x0 + w, x1: box.x1 + w, y0: box.y0 + h, y1: box.y1 + h });
    };
    const acts = {
      in: () => zoom(0.7), out: () => zoom(1 / 0.7), all: () => show({ ...whole }),
      left: () => move(-0.15, 0), right: () => move(0.15, 0), up: () => move(0, 0.15), down: () => move(0, -0.15),
    };
    for (const act of card.querySelectorAll("[data-move]")) act.addEventListener("click", () => acts[act.dataset.move]());
    figure.chart.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.shiftKey) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.15 : 0.87);
    }, { passive: false });
    let held = null;
    figure.chart.addEventListener("pointerdown", (event) => { held = [event.clientX, event.clientY]; });
    addEventListener("pointerup", () => { held = null; });
    figure.chart.addEventListener("pointermove", (event) => {
      if (!held) return;
      move((held[0] - event.clientX) / figure.chart.clientWidth, (event.clientY - held[1]) / figure.chart.clientHeight);
      held = [event.clientX, event.clientY];
    });
    const go = (at, isWalk) => {
      const row = figure.rows[at];
      select.value = String(at);
      const terms = document.createElement("p");
      terms.textContent = row.topic + ": " + told(row.conversations) + " conversations" + (row.terms && row.terms !== row.topic ? "; " + row.terms : "") + ".";
      const near = document.createElement("p");
      near.textContent = "Walk on to ";
      for (const name of row.near.split(" | ")) {
        const next = figure.rows.findIndex((one) => one.topic === name);
        if (next < 0) continue;
        const step = document.createElement("button");
        step.type = "button";
        step.textContent = name;
        step.addEventListener("click", () => { go(next, true); select.focus(); });
        near.append(step);
      }
      place.replaceChildren(terms, near);
      if (!isWalk) return;
      const [w, h] = [whole.x1 - whole.x0, whole.y1 - whole.y0].map((size) => size / 4);
      show({ x0: row.x - w, x1: row.x + w, y0: row.y - h, y1: row.y + h });
    };
    select.addEventListener("change", () => go(Number(select.value), true));
    go(0, false);
  }
  for (const figure of figures) if (figure.walk) walk(figure);

  const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) { link.classList.remove("here"); link.removeAttribute("aria-current"); }
      const link = links.get(entry.target.id);
      if (link) { link.classList.add("here"); link.setAttribute("aria-current", "true"); }
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  for (const section of document.querySelectorAll("main > section[id]")) seen.observe(section);

  drawAll(theme());
})();
