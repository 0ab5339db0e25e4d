// The toolbar over a story's text, its shortcuts, and photos put in order by dragging. The page works without this file.
"use strict";
(() => {
  const form = document.querySelector("form#naskah");
  const area = form && form.querySelector("#naskah-body");
  const bar = form && form.querySelector("[data-toolbar]");
  const told = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  if (area && bar && !area.readOnly && !area.disabled) {
    bar.hidden = false;
    // As if it were typed, so that Ctrl+Z takes it back.
    const replace = (start, end, words, from, to) => {
      const top = area.scrollTop;
      area.focus({ preventScroll: true });
      area.setSelectionRange(start, end);
      if (!document.execCommand(words ? "insertText" : "delete", false, words)) { area.setRangeText(words, start, end, "end"); told(area); }
      area.setSelectionRange(from, to);
      area.scrollTop = top;
    };
    const around = (mark, sample) => {
      let { selectionStart: start, selectionEnd: end } = area;
      const text = area.value;
      while (start < end && /\s/.test(text[start])) start += 1; // marks stand at the words, not at the spaces beside them
      while (end > start && /\s/.test(text[end - 1])) end -= 1;
      const size = mark.length;
      // Bold has two stars: one of them is no mark of italics.
      const marked = text.slice(start - size, start) === mark && text.slice(end, end + size) === mark
        && (size > 1 || text.slice(start - 2, start) !== "**" || text.slice(start - 3, start) === "***");
      if (marked) { replace(start - size, end + size, text.slice(start, end), start - size, end - size); return; }
      const words = text.slice(start, end) || sample;
      replace(start, end, mark + words + mark, start + size, start + size + words.length);
    };
    const lines = (mark) => {
      const text = area.value;
      const start = text.lastIndexOf("\n", area.selectionStart - 1) + 1;
      const last = area.selectionEnd > area.selectionStart && text[area.selectionEnd - 1] === "\n" ? area.selectionEnd - 1 : area.selectionEnd;
      const end = text.indexOf("\n", last) < 0 ? text.length : text.indexOf("\n", last);
      const rows = text.slice(start, end).split("\n");
      const off = rows.every((row) => row.startsWith(mark) || !row.trim()) && rows.some((row) => row.startsWith(mark));
      const done = rows.map((row) => off ? row.slice(row.startsWith(mark) ? mark.length : 0) : row.trim() || rows.length === 1 ? mark + row.replace(/^(#{1,6} |[-*] |> )/, "") : row).join("\n");
      const one = rows.length === 1;
      replace(start, end, done, one ? start + done.length : start, start + done.length);
    };
    const link = () => {
      const { selectionStart: start, selectionEnd: end } = area;
      const words = area.value.slice(start, end);
      const address = /^https?:\/\/\S+$/.test(words.trim());
      const label = address ? bar.dataset.words : words || bar.dataset.words;
      const target = address ? words.trim() : "https://";
      const at = start + 1;
      // What is still to be written is selected: the words, or the address.
      const [from, to] = address || !words ? [at, at + label.length] : [at + label.length + 2, at + label.length + 2 + target.length];
      replace(start, end, `[${label}](${target})`, from, to);
    };
    const acts = {
      bold: () => around("**", bar.dataset.words),
      italic: () => around("*", bar.dataset.words),
      heading: () => lines("## "),
      list: () => lines("- "),
      quote: () => lines("> "),
      link,
    };
    bar.addEventListener("pointerdown", (event) => { if (event.target.closest("button")) event.preventDefault(); }); // the keyboard of a phone stays
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("[data-mark]");
      if (button) acts[button.dataset.mark]();
    });
    const keys = { b: "bold", i: "italic", k: "link" };
    const digits = { Digit2: "heading", Digit8: "list", Digit9: "quote" };
    area.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const act = event.shiftKey ? digits[event.code] : keys[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      acts[act]();
    });
  }

  // Photos: dragged by their handle, with mouse, finger or pen. The buttons and the number stay for everybody else.
  const photos = form && form.querySelector(".photos.sorting");
  if (!photos) return;
  let held = null, before = null, y = 0, frame = 0;
  const rows = () => Array.from(photos.querySelectorAll("[data-photo]"));
  for (const handle of photos.querySelectorAll("[data-drag]")) handle.hidden = rows().length < 2;
  const follow = () => {
    if (!held) return;
    const edge = 80;
    if (y < edge) window.scrollBy(0, -14); else if (y > window.innerHeight - edge) window.scrollBy(0, 14);
    const others = rows().filter((row) => row !== held);
    const next = others.find((row) => { const box = row.getBoundingClientRect(); return y < box.top + box.height / 2; });
    if (next ? held.nextElementSibling !== next : photos.lastElementChild !== held) {
      if (next) next.before(held); else photos.append(held);
    }
    frame = requestAnimationFrame(follow);
  };
  const drop = (put) => {
    if (!held) return;
    cancelAnimationFrame(frame);
    held.classList.remove("held");
    photos.classList.remove("dragging");
    if (!put) photos.append(...before);
    held = null;
    photos.dispatchEvent(new Event("urut"));
    told(form);
  };
  photos.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-drag]");
    if (!handle || event.button) return;
    event.preventDefault();
    held = handle.closest("[data-photo]");
    before = rows();
    y = event.clientY;
    photos.classList.add("dragging"); // rows shrink to what tells them apart
    held.classList.add("held");
    held.scrollIntoView({ block: "center" });
    frame = requestAnimationFrame(follow);
  });
  window.addEventListener("pointermove", (event) => { if (held) { y = event.clientY; event.preventDefault(); } }, { passive: false });
  window.addEventListener("pointerup", () => drop(true));
  window.addEventListener("pointercancel", () => drop(false));
  window.addEventListener("keydown", (event) => { if (event.key === "Escape" && held) drop(false); });
})();
