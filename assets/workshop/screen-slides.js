// The slides that are made here: the DNA on record as it is built up, and the results.

import { draw, element, table, upTo } from "./screen-charts.js";

const SMALLEST = 0.45;

/** Write a slide smaller until it fits: a title may be long, a window low. */
export function refit(section) {
  let size = 1;
  section.style.setProperty("--shrink", size);
  const wide = innerWidth > 640; // A narrow window scrolls instead.
  while (wide && size > SMALLEST && overflows(section)) {
    size -= 0.05;
    section.style.setProperty("--shrink", size);
  }
}

function overflows(section) {
  return [section, ...section.querySelectorAll(".beside, .lists, .numbers, .names")].some(
    (each) => each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1,
  );
}

/** Show as many genes of the record as there are steps; the last one is explained beside. */
export async function showDna(dna, step, tools) {
  const place = document.getElementById("dna-chart");
  const all = dna.steps.length, gene = dna.steps[step - 1];
  const about = document.getElementById("dna-gene");
  about.replaceChildren();
  if (gene) {
    about.append(element("b", gene.gene));
    if (gene.value) about.append(element("span", gene.value, "value"));
    if (gene.definition) about.append(element("p", gene.definition));
  }
  const say = document.getElementById("dna-say");
  // The sentence on the whole comes when the whole is there.
  const sentences = dna.kind === "expert" && step < all ? dna.say.slice(0, 1) : dna.say;
  say.replaceChildren(...sentences.map((text) => element("p", text)));
  if (!dna.chart) return names(dna, place, step);
  const drawn = await draw(place, upTo(dna.chart, step, all), { ...tools, says: dna.say.at(-1) });
  if (!drawn) undrawn(place, { ...dna.table, rows: dna.table.rows.slice(0, step) }, tools.words);
}

function names(dna, place, step) {
  const list = place.querySelector("#dna-names");
  if (dna.kind === "none" && !list.childElementCount) {
    list.append(...dna.steps.map((each) => element("li", each.gene)));
  }
  [...place.querySelectorAll("li")].forEach((each, at) => {
    each.classList.toggle("shown", at < step);
    each.classList.toggle("now", at === step - 1 && dna.kind === "none");
  });
}

/** Make the slides of the results, empty. */
export function resultSlides(slides) {
  document.getElementById("results").append(...slides.map(resultSlide));
}

/** Leave nothing of any result in the page. */
export function forget() {
  document.getElementById("results").replaceChildren();
}

function resultSlide(slide) {
  const section = document.createElement("section");
  section.id = slide.id;
  section.hidden = true;
  const heading = element("h2", slide.heading);
  heading.id = `${slide.id}-h`;
  heading.tabIndex = -1;
  heading.dir = "auto";
  section.setAttribute("aria-labelledby", heading.id);
  section.append(heading, slide.lists.length ? lists(slide) : slide.chart ? charted(slide) : spoken(slide));
  section.append(element("p", slide.note, "note"));
  return section;
}

function charted(slide) {
  const made = element("div", "", "full");
  const chart = element("div", "", "chart");
  const say = sayings(slide);
  if (slide.chart.beside) {
    const both = element("div", "", "two");
    const beside = element("div", "", "beside");
    beside.append(say);
    both.append(chart, beside);
    made.append(both);
  } else {
    say.classList.add("across");
    made.append(say, chart);
  }
  if (slide.ask) made.append(element("p", slide.ask, "ask"));
  const numbers = element("div", "", "sr");
  numbers.append(table(slide.table));
  made.append(numbers);
  return made;
}

function spoken(slide) {
  const made = element("div", "", "full");
  made.append(sayings(slide));
  if (slide.ask) made.append(element("p", slide.ask, "ask"));
  return made;
}

function sayings(slide) {
  const made = element("div", "", "say");
  made.append(...slide.say.map((text) => {
    const line = element("p", text);
    line.dir = "auto";
    return line;
  }));
  return made;
}

function lists(slide) {
  const made = element("div", "", "full");
  const both = element("div", "", "lists");
  both.append(...slide.lists.map(({ head, items }) => {
    const box = element("div");
    const list = element("ol");
    list.append(...items.map((item) => element("li", item)));
    box.append(element("h3", head), list);
    return box;
  }));
  made.append(sayings(slide), both);
  return made;
}

/** Draw a slide's chart where it stands now; its numbers as a table where that cannot be. */
export async function render(slide, tools) {
  const place = document.getElementById(slide.id)?.querySelector(".chart");
  if (!place || !slide.chart) return;
  const drawn = await draw(place, slide.chart, { ...tools, says: slide.say.join(" ") });
  if (!drawn) undrawn(place, slide.table, tools.words);
}

function undrawn(place, numbers, words) {
  place.classList.add("numbers");
  place.replaceChildren(element("p", words.undrawn, "note"), table(numbers));
}
