// Draws what the server sends: Plotly's figures in the colours of the page, pictures, and tables
// where nothing can be drawn. Everything from data is text, and is never read as markup.

const COLOURS = {
  light: ["#0072b2", "#d87818", "#004824", "#a83078", "#303c9c"],
  dark: ["#56b4e9", "#e47818", "#24f0c0", "#b46ca8", "#6c84d8"],
};
let loading;

/** Plotly's own script, from our server; false where it could not be loaded. */
export function plotly(address) {
  loading ??= new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(globalThis.Plotly ?? false);
    script.onerror = () => resolve(false);
    document.head.append(script);
  });
  return loading;
}

/** An element with text in it. */
export function element(name, text = "", kind = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

/** The numbers of a chart. */
export function table({ head, rows }) {
  const made = document.createElement("table");
  made.createTHead().append(row("th", head));
  made.createTBody().append(...rows.map((cells) => row("td", cells)));
  return made;
}

function row(name, cells) {
  const made = document.createElement("tr");
  made.append(...cells.map((cell, place) => {
    const first = name === "td" && place === 0;
    const box = element(first ? "th" : name, cell);
    if (name === "th" || first) box.scope = first ? "row" : "col";
    return box;
  }));
  return made;
}

/** Draw a figure as large as its place allows. Its text grows with it. Says whether it is drawn. */
export async function draw(place, chart, { address, theme, says }) {
  if (chart.svg) return picture(place, chart.svg[theme], says);
  const library = await plotly(address);
  if (!library) return false;
  const { clientWidth: width, clientHeight: height } = place;
  if (!width || !height) return true; // Not on the screen; it is drawn when it comes there.
  const [leastWidth, leastHeight] = chart.least;
  const scale = Math.min(width / leastWidth, height / leastHeight);
  let drawn = place.querySelector(".drawn");
  if (!drawn) {
    drawn = element("div", "", "drawn");
    drawn.setAttribute("role", "img");
    place.append(drawn);
  }
  drawn.setAttribute("aria-label", says);
  drawn.style.transform = `scale(${scale})`;
  const layout = { ...chart.figure.layout, width: width / scale, height: height / scale };
  await library.react(drawn, chart.figure.data, { ...layout, template: template(theme) }, {
    staticPlot: true,
    displayModeBar: false,
  });
  return true;
}

function picture(place, svg, says) {
  const image = place.querySelector("img") ?? place.appendChild(document.createElement("img"));
  image.alt = says;
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  return true;
}

function template(theme) {
  const style = getComputedStyle(document.documentElement);
  const color = style.getPropertyValue("--ink").trim();
  return {
    layout: {
      colorway: COLOURS[theme],
      font: { color, family: "system-ui, sans-serif" },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
    },
  };
}

/** A radar on which only the first genes are shown yet; the others keep their places. */
export function upTo(chart, genes, all) {
  if (genes >= all) return chart;
  const shown = (angle) => angle != null && Math.round((angle * all) / 360) < genes;
  const data = chart.figure.data.map((trace) => ({
    ...trace,
    // The last point of an outline is its first again, and closes it.
    r: trace.r.map((r, at) => (shown(trace.theta[at]) && !(trace.fill && at === all) ? r : null)),
    ...(trace.fill ? { fill: "none" } : {}),
  }));
  const layout = structuredClone(chart.figure.layout);
  const axis = layout.polar.angularaxis;
  axis.ticktext = axis.ticktext.map((text, at) => (at < genes ? text : ""));
  return { ...chart, figure: { data, layout } };
}
