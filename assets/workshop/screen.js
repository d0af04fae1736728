// The projector: slides, keys, and what the room is told. See docs of the addresses in
// workshop/screen.py. Nothing of a result is in this page before the room may see it.

import { element, plotly } from "./screen-charts.js";
import { listen } from "./screen-stream.js";
import { forget, refit, render, resultSlides, showDna } from "./screen-slides.js";

const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const library = new URL(document.querySelector("script[data-plotly]").dataset.plotly, location).href;
const here = new URL(location.pathname.replace(/\/$/, ""), location).href;
const store = `gcs-screen-${data.code}`;
const find = (id) => document.getElementById(id);
const number = new Intl.NumberFormat(data.language);

// Two presses within this time are one: a clicker that bounces must not close a vote that it has
// just opened.
const SETTLES = 1_500;
const QUIET = 2_000; // A restart that is over by then is not worth a word.
const SAID_EVERY = 5_000; // A screen reader is told the counts no more often than this.

const kept = remembered();
const key = steeringKey();
let room = null; // The last that we were told.
let slides = []; // What may be shown of the results; empty before the reveal.
let fetched = ""; // The name of the results that `slides` are.
let settling = 0;
let now = { slide: kept.slide ?? "title", step: kept.step ?? 0 };

// ---- What is kept over a reload ----

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(store) ?? "{}");
  } catch {
    return {};
  }
}

function remember(values) {
  Object.assign(kept, values);
  try {
    sessionStorage.setItem(store, JSON.stringify(kept));
  } catch { /* A browser that keeps nothing shows everything all the same. */ }
}

/** The key that came with the address; it leaves the address bar, which a room can read. */
function steeringKey() {
  const given = new URLSearchParams(location.search).get("key")
    ?? new URLSearchParams(location.hash.slice(1)).get("key");
  if (given) remember({ key: given });
  if (location.search || location.hash) history.replaceState(null, "", location.pathname);
  return kept.key ?? "";
}

// ---- Slides ----

const inOrder = () => slides.filter((slide) => !slide.aside).map((slide) => slide.id);
const order = () => ["title", "story", "dna", "join", "count", ...inOrder(), "close"];
const isResult = (id) => slides.some((slide) => slide.id === id);

function show(slide, step = 0) {
  now = { slide, step };
  remember(now);
  document.documentElement.dataset.slide = slide;
  for (const section of document.querySelectorAll("section")) section.hidden = section.id !== slide;
  drawn();
  const heading = find(slide).querySelector("h1, h2");
  heading?.focus({ preventScroll: true });
  label();
}

/** Draw what the slide shows, in the size and the colours that there are now. */
function drawn() {
  const tools = { address: library, theme: theme(), words };
  if (now.slide === "dna") showDna(data.dna, now.step, tools);
  const result = slides.find((slide) => slide.id === now.slide);
  if (result) render(result, tools);
  refit(find(now.slide));
}

/** For a moment after the room has changed, no key leads it. */
function settle() {
  clearTimeout(settling);
  find("next").setAttribute("aria-disabled", "true");
  settling = setTimeout(() => {
    settling = 0;
    find("next").removeAttribute("aria-disabled");
  }, SETTLES);
}

/** The slide that a state of the room stands for; empty where it stands for none. */
function standsFor({ state, phase, round }) {
  if (state === "lobby") return round > 1 || phase === "test" ? "join" : "";
  if (["open", "paused", "closed"].includes(state)) return "count";
  if (state === "revealed") return "results";
  return "close";
}

/**
 * Follow the room when it moves on to what another slide stands for. A presenter who went elsewhere
 * stays there while the room does: a ballot, a pause or a lost connection moves nobody.
 */
async function follow(was) {
  const stands = standsFor(room), mark = `${room.run} ${room.round} ${stands}`;
  const moved = mark !== kept.mark;
  if (was && (was.state !== room.state || was.run !== room.run || was.round !== room.round)) {
    settle();
  }
  if (!(await results())) return;
  if (moved) {
    const first = kept.mark === undefined || was?.run !== room.run;
    remember({ mark });
    const target = stands === "results" ? slides[0]?.id : stands || (first && !was ? "title" : "join");
    if (target) return show(target);
  }
  if (find(now.slide)) show(now.slide, now.step);
  else show(stands === "results" ? slides[0].id : stands || "title");
}

// ---- What the room is told ----

function told(next) {
  const was = room;
  room = next;
  for (const name of ["joined", "connected", "voted"]) {
    for (const place of document.querySelectorAll(`.${name}`)) {
      place.textContent = number.format(room[name]);
    }
  }
  const most = Math.max(room.joined, room.voted, 1);
  document.querySelector(".bar div").style.width = `${(100 * room.voted) / most}%`;
  for (const place of document.querySelectorAll(".state")) place.textContent = words[room.phase];
  find("round").textContent = room.rounds > 1
    ? words.round.replace("{round}", number.format(room.round)).replace("{rounds}", number.format(room.rounds))
    : "";
  document.documentElement.dataset.state = room.state;
  sayCounts();
  label();
  const same = was && ["run", "round", "state", "phase", "figures"].every((name) => was[name] === room[name]);
  const followed = same ? null : follow(was);
  const pages = key && was ? room.turned - was.turned : 0;
  if (pages) Promise.resolve(followed).then(() => turn(pages));
}

/** Turn pages as somebody at the desk asks. Unlike a key it leads the room nowhere. */
function turn(pages) {
  over("");
  const most = order().length + data.dna.steps.length;
  for (let left = Math.min(Math.abs(pages), most); left > 0; left -= 1) {
    pages > 0 ? forward() : backward();
  }
}

let saying = 0;
function sayCounts() {
  saying ||= setTimeout(() => {
    saying = 0;
    const text = words.counts.replace(/\{(\w+)\}/g, (_, name) => number.format(room[name]));
    if (["join", "count"].includes(now.slide) && find("told").textContent !== text) {
      find("told").textContent = text;
    }
  }, SAID_EVERY);
}

/** Have the slides of the results, or have none. Says whether the room is still where it was. */
async function results() {
  const wanted = room.figures ?? "";
  if (wanted === fetched) return true;
  if (!wanted) {
    slides = [];
    fetched = "";
    forget();
    return true;
  }
  for (let wait = 500; ; wait = Math.min(wait * 2, 5_000)) {
    try {
      const answer = await fetch(`${here}/figures`, { cache: "no-cache" });
      if ((room.figures ?? "") !== wanted) return false; // Another call sees to that.
      if (answer.ok) {
        slides = (await answer.json()).slides;
        if ((room.figures ?? "") !== wanted) return false;
        fetched = wanted;
        forget();
        resultSlides(slides);
        return true;
      }
    } catch { /* Tried again. */ }
    notice(words.loading);
    await new Promise((resolve) => setTimeout(resolve, wait));
    if ((room.figures ?? "") !== wanted) return false;
  }
}

// ---- Leading the room ----

/** What "next" asks of the room on this slide; empty where it only turns the page. */
function leads() {
  if (!key || !room) return "";
  if (now.slide === "join" && ["lobby", "paused"].includes(room.state)) return "open";
  if (now.slide === "count") return { open: "close", paused: "open", closed: "reveal" }[room.state] ?? "";
  const last = now.slide === inOrder().at(-1);
  return last && room.state === "revealed" && room.round < room.rounds ? "second_round" : "";
}

/** What "back" takes back: a vote that was closed too early, as long as nobody saw its results. */
const takesBack = () => (key && now.slide === "count" && room?.state === "closed" ? "open" : "");

let asking = false;
async function command(name) {
  if (asking || settling) return true;
  asking = true;
  try {
    const answer = await fetch(`${here}/command`, {
      method: "POST",
      headers: { "X-Screen-Key": key, "Content-Type": "application/x-www-form-urlencoded" },
      body: `do=${name}`,
    });
    if (answer.ok) return true;
    notice((await answer.json()).say ?? "");
    return answer.status !== 409;
  } catch {
    notice(words.unsent);
    return true;
  } finally {
    asking = false;
  }
}

function label() {
  const names = { open: words.opens, close: words.closes, reveal: words.reveals, second_round: words.second };
  const leading = leads();
  find("next").textContent = names[leading] ?? words.next;
  find("next").classList.toggle("leads", leading !== "");
}

async function next() {
  const asked = leads();
  if (asked) return command(asked);
  forward();
}

function forward() {
  const all = order(), steps = now.slide === "dna" ? data.dna.steps.length : 0;
  if (now.step < steps) return show(now.slide, now.step + 1);
  const at = all.indexOf(now.slide);
  // A slide that its key opened is beside the order: from there, on to the end.
  show(at < 0 ? "close" : all[Math.min(at + 1, all.length - 1)]);
}

async function back() {
  const asked = takesBack();
  if (asked && (await command(asked))) return;
  backward();
}

function backward() {
  if (now.step > 0) return show(now.slide, now.step - 1);
  const all = order(), at = all.indexOf(now.slide);
  const before = at < 0 ? inOrder().at(-1) : all[Math.max(at - 1, 0)];
  show(before, before === "dna" && now.slide !== "dna" ? data.dna.steps.length : 0);
}

async function hideOrReveal() {
  if (!key) return notice(words.watching);
  await command(room?.state === "revealed" ? "hide" : "reveal");
}

/** A gene: what the room said of it once that may be seen; until then what it means. */
function gene(place) {
  const id = data.genes[place - 1];
  if (!id) return;
  if (isResult(`gene-${id}`)) return show(`gene-${id}`);
  const step = data.dna.steps.findIndex((each) => each.gene_id === id);
  if (step >= 0) show("dna", step + 1);
}

// ---- Keys ----

const OVER = ["black", "large", "keys"];
const open = () => OVER.find((id) => !find(id).hidden);

function over(id) {
  const shown = open();
  for (const each of OVER) find(each).hidden = each !== id || shown === id;
}

function theme() {
  return document.documentElement.dataset.theme;
}

function dress(name) {
  document.documentElement.dataset.theme = name;
  remember({ theme: name });
}

const DOES = {
  ArrowRight: next, PageDown: next, " ": next, ArrowLeft: back, PageUp: back, h: hideOrReveal,
  b: () => over("black"), ".": () => over("black"), j: () => over("large"), "?": () => over("keys"),
  d: () => { dress(theme() === "dark" ? "light" : "dark"); drawn(); },
  f: () => (document.fullscreenElement
    ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {}),
};
const TURNS = ["ArrowRight", "PageDown", " ", "ArrowLeft", "PageUp"];

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.target.closest?.("button") && [" ", "Enter"].includes(pressed)) return;
  const does = DOES[pressed] ?? (/^[1-9]$/.test(pressed) ? () => gene(Number(pressed)) : null);
  if (pressed === "Escape" && open()) return over("");
  if (!does || (event.repeat && pressed !== "ArrowLeft")) return;
  event.preventDefault();
  // What covers the slides goes first, so that nothing moves where nobody sees it.
  if (open() && TURNS.includes(pressed)) return over("");
  does();
});

find("next").addEventListener("click", next);
find("back").addEventListener("click", back);
let sized = 0;
addEventListener("resize", () => {
  clearTimeout(sized);
  sized = setTimeout(drawn, 100);
});

// ---- Notices ----

let quiet = 0;
function notice(text, lasts = 6_000) {
  find("notice").textContent = text;
  clearTimeout(quiet);
  if (text && lasts) quiet = setTimeout(() => notice(""), lasts);
}

let losing = 0;
const lost = () => {
  losing ||= setTimeout(() => notice(words.lost, 0), QUIET);
};
const found = () => {
  clearTimeout(losing);
  if (losing) notice("");
  losing = 0;
};

dress(kept.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
show(find(now.slide) ? now.slide : "title", now.step);
plotly(library); // Now, so that a cable that is pulled later takes nothing away.
listen(`${here}/events`, key, { room: told, gone: () => notice(words.gone, 0), lost, found });
