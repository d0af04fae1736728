"use strict";
// The ballot works without this. With it, the ballot is kept on the phone, sent again when the
// network drops, and never redrawn while somebody fills it in.
(() => {
  const form = document.getElementById("ballot");
  const all = document.getElementById("all");
  const now = document.getElementById("now");
  const say = document.getElementById("say");
  const words = JSON.parse(document.getElementById("words").textContent);
  const here = location.pathname.replace(/\/+$/, "");
  const own = ["_run", "_round", "_number"];
  const hidden = (name) => form.elements[name];

  let phase = form.dataset.phase;
  let number = +form.dataset.number;  // The highest that this browser has used.
  let sent = number > 0;              // From then on a change of mind is sent by itself.
  let waiting = null;                 // What the server has not said it saved.
  let busy = false;
  let pause = 1000;
  let timer = 0;
  let polling = 0;

  const place = () => ["gcs", here, hidden("_run").value, hidden("_round").value].join(" ");
  const stored = () => {
    try { return JSON.parse(localStorage.getItem(place())); } catch { return null; }
  };
  const store = () => {
    try {
      const entry = stored();  // Another tab may have counted on.
      number = Math.max(number, (entry && entry.number) || 0);
      localStorage.setItem(place(), JSON.stringify(
        { answers: answers(), number, sent, waiting: Boolean(waiting) }));
    } catch { /* A private window: the page itself still has it. */ }
  };
  const tell = (text) => { if (say.textContent !== text) say.textContent = text; };
  const takes = () => phase === "open" || phase === "test";

  function answers() {
    const disabled = all.disabled;
    all.disabled = false;  // What is disabled is not in the form's data.
    const fields = new URLSearchParams(new FormData(form));
    all.disabled = disabled;
    own.forEach((name) => fields.delete(name));
    if (fields.get("_group") === "") fields.delete("_group");
    return fields.toString();
  }

  function fill(text) {
    new URLSearchParams(text).forEach((value, name) => {
      const field = form.elements[name];
      if (field && !own.includes(name)) field.value = value;
    });
  }

  function clear() {
    form.querySelectorAll("input[type=radio]").forEach((each) => { each.checked = false; });
  }

  // What this phone kept of a ballot that the server has not, or not yet.
  function restore() {
    const entry = stored();
    if (!entry || !(entry.number >= number)) return;
    const same = entry.answers === answers();
    clear();
    fill(entry.answers);
    number = entry.number;
    sent = entry.sent;
    if (entry.waiting) {
      waiting = { answers: entry.answers, number };
      attempt();
    } else if (!same) {
      tell(words.unsent);
      if (sent) later(1000);
    }
  }

  function later(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }

  function send() {
    clearTimeout(timer);
    if (!takes()) return;
    if (!form.querySelector("input[type=radio]:checked")) {
      tell(words.nothing);
      return;
    }
    store();
    number += 1;
    waiting = { answers: answers(), number };
    sent = true;
    store();
    attempt();
  }

  async function attempt() {
    clearTimeout(timer);
    if (busy || !waiting) return;
    busy = true;
    const mine = waiting;
    tell(words.sending);
    let answer = null;
    let reply = {};
    const cut = new AbortController();
    const patience = setTimeout(() => cut.abort(), 10000);
    try {
      const fields = new URLSearchParams(mine.answers);
      fields.set("_run", hidden("_run").value);
      fields.set("_round", hidden("_round").value);
      fields.set("_number", mine.number);
      answer = await fetch(here + location.search, {
        method: "POST", body: fields, signal: cut.signal,
        headers: { Accept: "application/json" },
      });
      reply = await answer.json();
    } catch { /* No network, or half an answer: both mean that nothing is known. */ }
    clearTimeout(patience);
    busy = false;
    heard(mine, answer, reply);
  }

  function heard(mine, answer, reply) {
    if (reply.number > number) number = reply.number;
    if (waiting !== mine) {
      if (waiting) attempt();
    } else if (reply.saved) {
      waiting = null;
      pause = 1000;
      store();
      tell(phase === "test" ? words.tested : words.saved);
    } else if (reply.saved === false) {
      waiting = { answers: mine.answers, number: ++number };
      again(words.sending);
    } else if (!reply.code || answer.status === 429 || answer.status >= 500) {
      again(reply.say || words.offline);
    } else if (reply.code === "paused" || reply.code === "not_open") {
      tell(reply.say);
      poll();
    } else {
      waiting = null;
      store();
      tell(reply.say);
      poll();
    }
  }

  function again(text) {
    tell(text);
    clearTimeout(timer);
    timer = setTimeout(attempt, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, 8000);
  }

  async function poll() {
    clearTimeout(polling);
    try {
      const answer = await fetch(here + "/state", { cache: "no-cache" });
      if (answer.ok) arrive(await answer.json());
      else if (answer.status === 404) arrive({ phase: "ended" });
    } catch { /* The next one may come through. */ }
    clearTimeout(polling);
    polling = setTimeout(poll, 3000 + Math.random() * 4000);
  }

  function arrive(next) {
    const moved = next.run && (String(next.run) !== hidden("_run").value
      || String(next.round) !== hidden("_round").value);
    if (moved) {
      hidden("_run").value = next.run;
      hidden("_round").value = next.round;
      waiting = null;
      number = 0;
      sent = false;
      clear();
      tell("");
    } else if (next.phase === phase) {
      return;
    }
    phase = next.phase;
    const text = words[phase + hidden("_round").value] || words[phase] || "";
    if (now.textContent !== text) now.textContent = text;
    form.hidden = phase === "lobby" || phase === "ended";
    all.disabled = !takes();
    if (moved) restore();
    else if (waiting && takes()) attempt();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.addEventListener("input", () => {
    store();
    tell(words.unsent);
    if (sent) later(1000);
  });
  addEventListener("online", () => { attempt(); poll(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
  restore();
  polling = setTimeout(poll, 3000 + Math.random() * 4000);
})();
