// While somebody writes on a story: no keystroke is lost. The page works without this file.
"use strict";
(() => {
  const form = document.querySelector("form#naskah");
  if (!form) return;
  const all = (selector, root = form) => Array.from(root.querySelectorAll(selector));
  const one = (selector) => form.querySelector(selector);
  const make = (tag, words, type = "") => Object.assign(document.createElement(tag), { textContent: words, className: type });

  // What may be typed in, by name; boxes of one name are told apart by their value.
  const WRITTEN = "textarea:not([readonly]), select, input[type=text], input[type=checkbox], input[type=datetime-local], input[type=number], input:not([type])";
  const OTHERS = "#pemeriksaan, [data-share], .notice, .talk";
  const key = (field) => field.name + (field.type === "checkbox" && field.value !== "on" ? field.value : "");
  const value = (field) => field.type === "checkbox" ? field.checked : field.value;
  const fields = new Map(all(WRITTEN).filter((field) => field.name && !field.disabled && !field.closest(OTHERS)).map((field) => [key(field), field]));
  // As the server has written it, whatever the browser has put back since.
  const origin = (field) => {
    if (field.type === "checkbox") return field.defaultChecked;
    if (field.options) return (Array.from(field.options).find((option) => option.defaultSelected) || field.options[0]).value;
    return field.defaultValue;
  };
  const put = (field, words) => { if (field.type === "checkbox") field.checked = Boolean(words); else field.value = words; };

  const page = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const seen = Number(one("#naskah-seen")?.value) || null;
  const given = JSON.parse(form.dataset.draft);
  const person = Number(form.dataset.person);
  const bound = form.hasAttribute("data-unsaved"); // the fields hold what was just sent, which was not saved
  const prefix = `naskah-${person}-${form.dataset.story}-`;
  const state = one("#keadaan-draf");

  const saved = new Map(Array.from(fields, ([name, field]) => [name, given.saved ? given.saved[name] ?? (field.name.startsWith("note_") ? "" : origin(field)) : origin(field)]));
  const known = new Map(); // what the server has: name -> { value, turn }
  const pending = new Map(); // what it does not have yet
  const clashes = new Map();
  let leaving = false;
  let roomy = true;

  // In the browser, at once.
  const keepHere = () => {
    try {
      if (pending.size) localStorage.setItem(prefix + page, JSON.stringify({ page, seen, words: Object.fromEntries(pending), turns: turns() }));
      else localStorage.removeItem(prefix + page);
      roomy = true;
    } catch (full) { roomy = false; console.info(full.message); }
  };
  const turns = () => Object.fromEntries(Array.from(known, ([name, word]) => [name, word.turn]));
  const look = (name) => {
    const field = fields.get(name);
    const now = value(field);
    const there = known.has(name) ? known.get(name).value : saved.get(name);
    if (now === there) pending.delete(name);
    else pending.set(name, now === saved.get(name) ? null : now);
  };
  const lookAll = () => { for (const name of fields.keys()) look(name); };

  const arrange = () => {
    const photos = one(".photos");
    if (!photos) return;
    const place = (photo) => Number(photo.querySelector("input[name$='-place']")?.value);
    const before = all("[data-photo]", photos);
    const after = [...before].sort((a, b) => place(a) - place(b));
    if (after.some((photo, at) => photo !== before[at])) { photos.append(...after); photos.dispatchEvent(new Event("urut")); }
  };
  const adopt = (words) => {
    let changed = false;
    for (const [name, word] of Object.entries(words)) {
      const field = fields.get(name);
      if (!field) continue;
      if (value(field) !== word) { put(field, word); changed = true; }
      if (field.type === "checkbox") field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (changed) { arrange(); form.dispatchEvent(new Event("input", { bubbles: true })); }
    return changed;
  };

  // What is told.
  const tell = (kind, words = {}) => {
    let text = kind ? state.dataset[kind] : "";
    for (const [name, word] of Object.entries(words)) text = text.replace(`{${name}}`, () => word);
    if (state.textContent !== text) state.textContent = text;
    state.classList.toggle("trouble", Boolean(kind) && kind !== "kept");
  };

  // To the server, quietly.
  let timer = 0, oldest = 0, sending = null, again = false, pause = 2000;
  const plan = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  const post = (body) => fetch(form.dataset.address, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    keepalive: body.length < 60000,
    redirect: "error",
    signal: sending?.signal,
  });
  const deliver = async (entry) => {
    const body = JSON.stringify({ page: entry.page, person, seen: entry.seen, words: entry.words, turns: entry.turns });
    const response = await post(body);
    if (response.status !== 403) return response;
    // After signing in anew the old form's token is worth nothing: a new one is asked for.
    const asked = await fetch(form.dataset.token, { redirect: "error", signal: sending?.signal });
    if (!asked.ok) return asked;
    form.elements.csrfmiddlewaretoken.value = (await asked.json()).token;
    return post(body);
  };
  const retry = (kind) => {
    tell(roomy ? kind : "noRoom");
    plan(pause);
    pause = Math.min(pause * 2, 60000);
  };
  const send = async () => {
    clearTimeout(timer);
    if (leaving) return;
    if (sending) { again = true; return; }
    oldest = 0;
    sending = new AbortController();
    const words = Object.fromEntries(Array.from(pending).filter(([name]) => !clashes.has(name)));
    try {
      const response = await deliver({ page, seen, words, turns: turns() });
      if (response.ok) { pause = 2000; read(await response.json(), words); }
      else if (response.status === 409) { if (pending.size) tell("stale"); }
      else if (response.status === 401) { if (pending.size) retry("signedOut"); }
      else if (response.status < 500) { if (pending.size) tell("tooLong"); }
      else if (pending.size) retry("offline");
    } catch (dropped) {
      if (dropped.name !== "AbortError" && pending.size) retry("offline");
    } finally {
      sending = null;
      if (again) { again = false; plan(500); }
    }
  };
  const read = (answer, words) => {
    for (const [name, turn] of Object.entries(answer.turns)) {
      if (turn) known.set(name, { value: words[name] ?? saved.get(name), turn }); else known.delete(name);
    }
    const others = {};
    for (const [name, word] of Object.entries(answer.elsewhere)) {
      if (!fields.has(name)) continue;
      if (pending.has(name)) { clashes.set(name, word); continue; }
      known.set(name, word);
      others[name] = word.value;
    }
    for (const name of answer.gone) {
      known.delete(name);
      if (fields.has(name) && !pending.has(name)) others[name] = saved.get(name);
    }
    for (const [name, word] of Object.entries(answer.clashes)) clashes.set(name, word);
    adopt(others);
    lookAll();
    keepHere();
    showClashes();
    if (answer.overtaken && (known.size || pending.size)) tell("overtaken", { who: answer.overtaken });
    else if (Object.keys(words).length && !clashes.size) tell("kept", { time: answer.at });
    else if (!pending.size && state.classList.contains("trouble")) tell("");
  };

  // The same field in two windows of one person: neither is dropped before they have chosen.
  const label = (field) => {
    const photo = field.closest("[data-photo]");
    const words = field.labels?.[0]?.textContent.trim() || field.name;
    return photo ? `${words} (${all("[data-photo]", photo.parentElement).indexOf(photo) + 1})` : words;
  };
  const showClashes = () => {
    const box = one("#draf-bentrok");
    box.hidden = clashes.size === 0;
    box.lastElementChild.replaceChildren(...Array.from(clashes, ([name, word]) => {
      const row = make("div", "", "clash");
      const here = make("button", box.dataset.here, "button small");
      const there = make("button", box.dataset.there, "button small");
      here.type = there.type = "button";
      const choose = (take) => {
        clashes.delete(name);
        known.set(name, word);
        if (take) put(fields.get(name), word.value);
        form.dispatchEvent(new Event("input", { bubbles: true }));
        showClashes();
        plan(0);
      };
      here.addEventListener("click", () => choose(false));
      there.addEventListener("click", () => choose(true));
      row.append(make("h3", label(fields.get(name))), make("p", `${box.dataset.label} ${word.value}`, "plain-text"), here, " ", there);
      return row;
    }));
  };

  // What an earlier window of this browser could not send.
  const leftHere = () => Object.keys(localStorage).filter((item) => item.startsWith(prefix) && item !== prefix + page);
  const takeOver = async () => {
    for (const item of leftHere()) {
      const entry = JSON.parse(localStorage.getItem(item));
      if (entry.page === given.posted) { localStorage.removeItem(item); continue; }
      if (entry.seen === seen && !bound) {
        const words = {};
        for (const [name, word] of Object.entries(entry.words)) {
          if (!fields.has(name) || pending.has(name)) continue;
          words[name] = word ?? saved.get(name);
          if (known.has(name)) known.get(name).turn = entry.turns[name] || 0;
        }
        if (adopt(words)) one("#pulih").hidden = false;
        lookAll();
        keepHere();
        if (roomy) localStorage.removeItem(item);
        continue;
      }
      try {
        const response = await deliver(entry);
        if (response.ok) {
          localStorage.removeItem(item);
          if (!pending.size && !bound && Object.values((await response.json()).turns).some(Boolean)) window.location.reload();
        } else if (response.status === 409) showOld(item, entry);
      } catch (dropped) { console.info(dropped.message); } // it stays here for the next time
    }
  };
  const showOld = (item, entry) => {
    const box = one("#draf-lama");
    for (const [name, word] of Object.entries(entry.words)) {
      if (typeof word !== "string") continue;
      const area = Object.assign(document.createElement("textarea"), { value: word, readOnly: true, rows: 3 });
      area.setAttribute("aria-label", fields.has(name) ? label(fields.get(name)) : name);
      box.querySelector("div").append(area);
      box.hidden = false;
    }
    box.querySelector("button").addEventListener("click", () => { localStorage.removeItem(item); box.hidden = true; });
    if (box.hidden) localStorage.removeItem(item);
  };

  // At the start: the draft as the server has it, then what only this browser has.
  for (const [name, word] of Object.entries(given.words)) {
    if (!fields.has(name)) continue;
    // Words that began from an older text are already on the page, merged: they are to be sent as they stand there.
    known.set(name, given.seen === seen ? word : { value: undefined, turn: word.turn });
  }
  if (!bound && given.seen === seen) {
    const words = Object.fromEntries(Array.from(known, ([name, word]) => [name, word.value]));
    if (adopt(words)) one("#pulih").hidden = false;
  }
  lookAll();
  keepHere();
  takeOver().then(() => { if (pending.size) plan(0); });

  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field.closest?.(OTHERS)) return;
    const name = field.name && key(field);
    if (fields.get(name) === field) look(name); else if (field === form) lookAll(); else return;
    keepHere();
    if (!pending.size) return;
    oldest ||= Date.now();
    plan(Date.now() - oldest > 10000 ? 0 : 1000); // a second after typing rests, and every ten while it does not
  });
  window.addEventListener("online", () => { pause = 2000; plan(0); });
  window.addEventListener("focus", () => plan(0));
  document.addEventListener("visibilitychange", () => { if (pending.size || document.visibilityState === "visible") send(); });
  for (const button of all("[data-forget]")) {
    button.addEventListener("click", () => {
      for (const item of Object.keys(localStorage)) if (item.startsWith(prefix)) localStorage.removeItem(item);
    });
  }
  window.addEventListener("beforeunload", (event) => { if (pending.size && !leaving) { send(); event.preventDefault(); } });
  form.addEventListener("submit", (event) => {
    if (leaving) { event.preventDefault(); return; }
    form.elements.draf.value = JSON.stringify({ page, turns: turns() });
    leaving = true;
    clearTimeout(timer);
    sending?.abort();
  });
  window.addEventListener("pageshow", (event) => { leaving = false; if (event.persisted) plan(0); });
})();
