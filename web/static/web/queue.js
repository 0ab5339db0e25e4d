// The queue: rows are picked and opened by keys. Every page works without this file.
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);
  const SWITCH = "tombol-pintas";
  const bar = one("#sekaligus");
  const told = one("#kata-antrean");
  const keys = one("#tombol-pintas");
  const boxes = () => all("#daftar input[name=pilih]");
  const rowNow = () => document.activeElement.closest(".queue-item") ||
    one(`.queue-item[data-story="${CSS.escape(last)}"]`);
  let last = ""; // the story that was looked at last: lists are renewed, it stays
  let from = null; // where a range begins
  let going = 0; // when g was pressed

  // Picking. The bar shows by the stylesheet alone; here it is counted and said.
  const count = (aloud) => {
    const picked = boxes().filter((box) => box.checked).length;
    for (const box of boxes()) box.closest(".queue-item").classList.toggle("picked", box.checked);
    if (!bar) return;
    one("[data-picked]", bar).textContent = picked;
    one("[data-pick-all]", bar).hidden = picked === boxes().length;
    one("[data-pick-none]", bar).hidden = picked === 0;
    if (aloud) told.textContent = picked ? told.dataset.pickedWords.replace("{n}", picked) : told.dataset.noneWords;
    if (!picked) for (const panel of all("details[open]", bar)) panel.open = false;
  };
  const pick = (box, range) => {
    const every = boxes();
    const [here, there] = [every.indexOf(box), every.findIndex((one) => one.value === from)];
    if (range && there >= 0) {
      for (const between of every.slice(Math.min(here, there), Math.max(here, there) + 1)) between.checked = box.checked;
    }
    from = box.value;
    count(true);
  };
  document.addEventListener("click", (event) => {
    if (event.target.matches("#daftar input[name=pilih]")) pick(event.target, event.shiftKey);
    if (event.target.closest("[data-pick-all]")) { for (const box of boxes()) box.checked = true; count(true); }
    if (event.target.closest("[data-pick-none]")) { for (const box of boxes()) box.checked = false; count(true); }
    if (event.target.closest("[data-keys]")) keys.showModal();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest(".queue-item");
    if (!row) return;
    last = row.dataset.story;
    glance(row);
  });
  // On very wide screens the row that is looked at is read at the right; the list stays where it is.
  const pane = one("#sekilas");
  const wide = window.matchMedia("(min-width: 1600px)");
  let glanced = "";
  let asking = 0;
  const mark = () => {
    for (const item of all(".queue-item")) item.classList.toggle("glanced", item.dataset.story === glanced);
  };
  const glance = (row) => {
    if (!pane || !wide.matches || row.dataset.story === glanced) return;
    glanced = row.dataset.story;
    pane.classList.add("stale");
    mark();
    clearTimeout(asking); // rows that are walked past quickly are not asked for
    asking = setTimeout(() => htmx.ajax("GET", row.dataset.glance, { source: pane, target: pane, swap: "innerHTML" }), 120);
  };
  const unseen = () => {
    glanced = "";
    pane.textContent = pane.dataset.failed;
    mark();
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!pane || event.detail.target !== pane || event.detail.xhr.status === 0) return;
    pane.classList.remove("stale");
    pane.scrollTop = 0;
    if (event.detail.xhr.status !== 200) unseen(); // signed out, or not to be seen
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (pane && event.detail.target === pane) { pane.classList.remove("stale"); unseen(); }
  });
  // A renewed list keeps what was picked and where the eye was.
  let kept = new Map();
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target.id !== "daftar") return;
    kept = new Map(boxes().filter((box) => box.checked).map((box) => [box.value, true]));
    kept.set("", document.activeElement.closest(".queue-item") ? last : "");
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const box of boxes()) if (kept.has(box.value)) box.checked = true;
    const row = kept.get("") && one(`.queue-item[data-story="${CSS.escape(kept.get(""))}"] a.row`);
    if (row) row.focus({ preventScroll: true });
    kept = new Map();
    count(false);
    mark();
  });
  window.addEventListener("pageshow", () => count(false));
  count(false);

  const open = (item, verb) => {
    const address = one("a.row", item).href;
    window.location.href = verb ? `${address}?langkah=${verb}` : address;
  };
  // With rows picked the letter is for all of them; without, for the one it is on.
  const decide = (letter, verb) => {
    const panel = bar && boxes().some((box) => box.checked) && one(`details[data-key="${letter}"]`, bar);
    if (panel) { panel.open = true; one("textarea", panel).focus(); return; }
    const item = rowNow();
    if (item) open(item, verb);
  };
  const onRow = {
    o: (item) => open(item),
    v: (item) => open(item, "verify"),
    x: (item, event) => {
      const box = one("input[name=pilih]", item);
      if (!box) return;
      box.checked = event.shiftKey ? true : !box.checked;
      pick(box, event.shiftKey);
    },
  };
  const go = (letter) => {
    const link = one(`[data-place="${CSS.escape(letter)}"]`, keys);
    if (link) window.location.href = link.href;
    return Boolean(link);
  };
  const typing = (element) => element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox])");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); keys.showModal(); return; }
    if (localStorage.getItem(SWITCH) === "mati") return;
    const letter = event.key.toLowerCase();
    if (going && Date.now() - going < 1500) { going = 0; if (go(letter)) event.preventDefault(); return; }
    going = 0;
    if (letter === "g") { going = Date.now(); return; }
    if (letter === "n") { const fresh = one(".arrivals a"); if (fresh) window.location.href = fresh.href; return; }
    if (letter === "b" || letter === "t") { event.preventDefault(); decide(letter, letter === "b" ? "send_back" : "spike"); return; }
    const item = onRow[letter] && rowNow();
    if (item) { event.preventDefault(); onRow[letter](item, event); }
  });
  const wanted = one("[data-keys-on]", keys);
  wanted.checked = localStorage.getItem(SWITCH) !== "mati";
  wanted.addEventListener("change", () => {
    if (wanted.checked) localStorage.removeItem(SWITCH); else localStorage.setItem(SWITCH, "mati");
  });
})();
