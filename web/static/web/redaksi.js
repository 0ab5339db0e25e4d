// The little the pages do by themselves. Every page works without this file.
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);
  const writing = (element) => element.matches("input, textarea, select") || element.isContentEditable;

  // Lists: j and k move from row to row, / goes to the search field; Enter is the link's own. Letters can be switched off.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target) || one("dialog[open]")) return;
    if (localStorage.getItem("tombol-pintas") === "mati") return;
    if (event.key === "/") {
      const search = one("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
      return;
    }
    if (event.key !== "j" && event.key !== "k") return;
    const rows = all("[data-rows] a.row");
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement.closest("a.row"));
    const next = at < 0 ? 0 : Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), rows.length - 1);
    rows[next].focus();
    rows[next].scrollIntoView({ block: "nearest" });
  });

  // Who came for the decision has it under their fingers, and the text before their eyes.
  const asked = one("[data-asked]");
  if (asked) asked.focus({ preventScroll: true });

  // Decisions: one panel at a time, closed by Escape, by a click elsewhere, or by its own button.
  const panels = () => all("details.decision");
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-close]");
    for (const panel of panels()) {
      if (panel.open && (close || !panel.contains(event.target))) panel.open = false;
    }
    if (event.target.closest("[data-close-compare]")) one("#banding").replaceChildren();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const panel of panels()) {
      if (panel.open) { panel.open = false; one("summary", panel).focus(); }
    }
  });
  for (const panel of panels()) {
    panel.addEventListener("toggle", () => {
      const note = panel.open && one("textarea", panel);
      if (note) note.focus({ preventScroll: true });
    });
  }
  const show = (root) => {
    for (const button of all("[data-close], [data-close-compare], [data-jump]", root)) button.hidden = false;
  };
  show(document);
  document.addEventListener("htmx:afterSwap", (event) => show(event.target));

  // Text fields grow with their text where the stylesheet alone cannot do it.
  if (!CSS.supports("field-sizing", "content")) {
    const grow = (area) => {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    };
    for (const area of all("textarea")) { if (area.offsetParent) grow(area); area.addEventListener("input", () => grow(area)); }
  }
  if (!CSS.supports("selector(:has(*))")) document.documentElement.classList.add("no-has");

  const form = one("form#naskah");
  if (!form) return;

  // Checks: a fix is made in the field, as if it had been typed; it is saved with the rest. Spots are from the last to
  // the first of a field, so that one does not move the other. Where a word has changed meanwhile, the panel is renewed.
  const checks = one("#pemeriksaan");
  const mended = one("#diperbaiki");
  const fixes = [];
  const type = (field, start, end, text) => {
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, end);
    // The one way that leaves the field's own undoing (Ctrl+Z) in order; a field out of sight cannot have it.
    const typed = document.activeElement === field && document.execCommand(text ? "insertText" : "delete", false, text);
    if (!typed) field.setRangeText(text, start, end, "end");
    // Until the panel is renewed its other places move along.
    for (const row of all("[data-spots]", checks)) {
      const spots = JSON.parse(row.dataset.spots);
      for (const spot of spots) {
        if (spot[0] === field.name && spot[1] >= end) { spot[1] += text.length - end + start; spot[2] += text.length - end + start; }
      }
      row.dataset.spots = JSON.stringify(spots);
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const writable = (field) => field && !field.readOnly && !field.disabled;
  const tell = (words) => {
    one("span", mended).textContent = words;
    one("[data-unfix]", mended).hidden = fixes.length === 0;
    mended.hidden = false;
  };
  const brief = (text) => text.length > 60 ? `${text.slice(0, 59)}…` : text;
  const mend = (button) => {
    const row = button.closest("[data-spots]");
    const spots = JSON.parse(row.dataset.spots).sort((a, b) => b[1] - a[1]);
    const next = one("[data-fix]", row.nextElementSibling || document.createElement("p"));
    const done = [];
    for (const [name, start, end, old, fix] of spots) {
      const field = form.elements[name];
      if (!writable(field) || field.value.slice(start, end) !== old) continue;
      type(field, start, end, fix);
      done.push([name, start, old, fix]);
    }
    if (done.length) { fixes.push(done); row.remove(); }
    tell(done.length ? mended.dataset.said.replace("{new}", () => brief(done[0][3].trim())) : mended.dataset.gone);
    htmx.trigger(checks, "perbaiki");
    if (next) next.focus();
  };
  const unmend = () => {
    let back = 0;
    // From the first to the last: what stands before a spot is then as it was when the spot was counted.
    for (const [name, start, old, fix] of fixes.pop().reverse()) {
      const field = form.elements[name];
      if (!writable(field) || field.value.slice(start, start + fix.length) !== fix) continue;
      type(field, start, start + fix.length, old);
      back += 1;
    }
    tell(back ? mended.dataset.back : mended.dataset.gone);
    htmx.trigger(checks, "perbaiki");
  };
  // The next of its places, each time it is asked for.
  const jump = (button) => {
    const spots = JSON.parse(button.closest("[data-spots]").dataset.spots);
    const turn = Number(button.dataset.turn || 0) % spots.length;
    button.dataset.turn = turn + 1;
    const [name, start, end, old] = spots[turn];
    const field = form.elements[name];
    if (!field) return;
    choose(field.closest(".pane").id);
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    const there = field.value.slice(start, end) === old;
    field.setSelectionRange(there ? start : 0, there ? end : 0);
    field.blur();
    field.focus(); // brings what is selected into sight
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fix], [data-unfix], [data-jump]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-fix]")) mend(button);
    else if (button.matches("[data-unfix]")) unmend();
    else jump(button);
  });
  // A reason is no word of the story: it renews nothing, is not kept, and Enter sends it alone.
  checks.addEventListener("input", (event) => event.stopPropagation());
  checks.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    one("button", event.target.closest("details")).click();
  });

  // Narrow screens: one pane at a time.
  const tabs = all(".pane-tabs a");
  const choose = (id) => {
    for (const tab of tabs) {
      const mine = tab.hash === `#${id}`;
      one(tab.hash).classList.toggle("shown", mine);
      if (mine) tab.setAttribute("aria-current", "true"); else tab.removeAttribute("aria-current");
    }
  };
  document.body.classList.add("tabbed");
  const wrong = one(".field.wrong");
  choose(wrong ? wrong.closest(".pane").id : "teks");
  for (const tab of tabs) {
    tab.addEventListener("click", (event) => { event.preventDefault(); choose(tab.hash.slice(1)); window.scrollTo(0, 0); });
  }

  // Photos: buttons instead of numbers.
  const photos = one(".photos");
  if (photos && one("[data-move]", photos)) {
    photos.classList.add("sorting");
    const number = () => all("[data-photo]", photos).forEach((photo, index, every) => {
      one("input[name$='-place']", photo).value = index + 1;
      for (const button of all("[data-move]", photo)) {
        button.hidden = every.length < 2;
        button.disabled = button.dataset.move === "-1" ? index === 0 : index === every.length - 1;
      }
    });
    number();
    photos.addEventListener("urut", number); // somebody else has put them in another order
    photos.addEventListener("click", (event) => {
      const button = event.target.closest("[data-move]");
      if (!button) return;
      const photo = button.closest("[data-photo]");
      if (button.dataset.move === "-1") photo.previousElementSibling.before(photo); else photo.nextElementSibling.after(photo);
      number();
      if (button.disabled) one("[data-move]:not(:disabled)", photo).focus(); else button.focus();
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  for (const box of all("input[name$='-left_out']")) {
    box.addEventListener("change", () => box.closest("[data-photo]").classList.toggle("left-out", box.checked));
  }

  // Sites: the button says to how many.
  const sites = one("[data-sites]");
  const destination = one("[data-destination]");
  if (sites && destination) {
    const said = destination.textContent;
    const embargo = one("#naskah-embargo_until");
    const tell = () => {
      const count = all("input:checked", sites).length;
      if (embargo.value) destination.textContent = said.replace(/\d+/, count);
      else destination.textContent = count ? sites.dataset.words.replace("{n}", count) : sites.dataset.none;
    };
    sites.addEventListener("change", tell);
  }
})();
