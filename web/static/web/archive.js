// The archive: picked page after page, opened by keys, leafed through by finger. Every page works without this file.
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);
  const SWITCH = "tombol-pintas";
  const bar = one("[data-pick-bar]");
  const boxes = () => all("input[form=pilih][type=checkbox]");
  let from = ""; // where a range begins

  // Picking: the list is kept by the server, one request after another.
  let waiting = Promise.resolve();
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const send = (act, changed) => {
    const told = new FormData();
    told.append("aksi", act);
    for (const box of changed) told.append(box.name, box.value);
    waiting = waiting.then(async () => {
      let answer;
      try {
        const response = await fetch(bar.dataset.address, { method: "POST", body: told, headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" } });
        if (!response.ok || response.redirected) throw new Error(String(response.status));
        answer = await response.json();
      } catch {
        for (const box of changed) { box.checked = !box.checked; mark(box); } // as the server has it
        return;
      }
      bar.hidden = !answer.words;
      one("[data-picked-words]", bar).textContent = answer.words;
      const said = one("[data-picked-said]", bar);
      said.textContent = answer.full || answer.words;
      said.classList.toggle("hidden", !answer.full); // what did not fit is told to eyes, too
    });
  };
  const mark = (box) => box.closest("li").classList.toggle("picked", box.checked);
  const pick = (box, range) => {
    const every = boxes();
    const [here, there] = [every.indexOf(box), every.findIndex((other) => other.name + other.value === from)];
    const reach = range && there >= 0 ? every.slice(Math.min(here, there), Math.max(here, there) + 1) : [box];
    const changed = reach.filter((other) => other === box || other.checked !== box.checked);
    for (const other of changed) { other.checked = box.checked; mark(other); }
    from = box.name + box.value;
    send(box.checked ? "tambah" : "buang", changed);
  };
  const ready = () => {
    for (const button of all("[data-print]")) button.hidden = false;
  };
  if (bar) {
    document.addEventListener("click", (event) => {
      if (event.target.matches("input[form=pilih][type=checkbox]")) pick(event.target, event.shiftKey);
      if (event.target.closest("[data-pick-page]")) {
        event.preventDefault();
        const changed = boxes().filter((box) => !box.checked);
        for (const box of changed) { box.checked = true; mark(box); }
        if (changed.length) send("tambah", changed);
      }
    });
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) keys.showModal();
    if (event.target.closest("[data-print]")) window.print();
  });
  ready();

  // Keys. j and k on lists are the frame's; on the wall they and the arrows go from photo to photo.
  const keys = one("#tombol-pintas");
  const typing = (element) => element.isContentEditable || element.matches("textarea, select, input:not([type=checkbox])");
  const photos = () => all("[data-wall] li > a");
  const upOrDown = (links, at, sign) => {
    const box = links[at].getBoundingClientRect();
    const middle = (rectangle) => rectangle.left + rectangle.width / 2;
    const rows = links.map((link, index) => ({ index, box: link.getBoundingClientRect() }))
      .filter((other) => sign > 0 ? other.box.top > box.top + 10 : other.box.top < box.top - 10);
    if (!rows.length) return at;
    const nearest = rows.reduce((best, other) => Math.abs(other.box.top - box.top) < Math.abs(best.box.top - box.top) ? other : best).box.top;
    return rows.filter((other) => Math.abs(other.box.top - nearest) < 10)
      .reduce((best, other) => Math.abs(middle(other.box) - middle(box)) < Math.abs(middle(best.box) - middle(box)) ? other : best).index;
  };
  const walk = (key) => {
    const links = photos();
    if (!links.length) return false;
    const at = links.indexOf(document.activeElement.closest("[data-wall] li > a"));
    const steps = { j: 1, k: -1, ArrowRight: 1, ArrowLeft: -1 };
    let next = 0;
    if (at >= 0) next = key in steps ? Math.min(Math.max(at + steps[key], 0), links.length - 1) : upOrDown(links, at, key === "ArrowDown" ? 1 : -1);
    else if (key.startsWith("Arrow")) return false; // arrows scroll until somebody is on the wall
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
    return true;
  };
  const onItem = (letter, event) => {
    const item = document.activeElement.closest(".archive-item, [data-wall] li");
    if (!item) return false;
    if (letter === "o") { one("a", item).click(); return true; }
    const box = one("input[form=pilih]", item);
    if (!box) return false;
    box.checked = event.shiftKey ? true : !box.checked;
    pick(box, event.shiftKey);
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || one("dialog[open]")) return;
    if (event.key === "?" && keys) { event.preventDefault(); keys.showModal(); return; }
    if (localStorage.getItem(SWITCH) === "mati") return;
    const side = { ArrowLeft: "[data-before]", ArrowRight: "[data-after]" }[event.key];
    const link = side && one(side);
    if (link) { event.preventDefault(); link.click(); return; }
    const letter = event.key.toLowerCase();
    if ((letter === "o" || letter === "x") && onItem(letter, event)) { event.preventDefault(); return; }
    if (["j", "k", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(event.key) && walk(event.key)) event.preventDefault();
  });

  // A finger that goes sideways turns to the next photo of the story.
  const page = one("[data-swipe]");
  let begun = null;
  if (page) {
    page.addEventListener("touchstart", (event) => {
      begun = event.touches.length === 1 ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : null;
    }, { passive: true });
    page.addEventListener("touchend", (event) => {
      if (!begun) return;
      const [across, down] = [event.changedTouches[0].clientX - begun.x, event.changedTouches[0].clientY - begun.y];
      begun = null;
      if (Math.abs(across) < 60 || Math.abs(across) < 2 * Math.abs(down)) return;
      const link = one(across < 0 ? "[data-after]" : "[data-before]");
      if (link) link.click();
    });
  }

  // A download tells how far it has come: the browser itself does not know how long it will be.
  for (const form of all("[data-taking]")) {
    const told = one("[data-progress]", form);
    form.addEventListener("submit", () => {
      const mine = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => (byte % 36).toString(36)).join("");
      one("[name=tanda]", form).value = mine;
      const address = form.dataset.address.replace("TANDA", mine);
      let silent = 0;
      const ask = async () => {
        let at = { done: 0, total: 0 };
        try { at = await (await fetch(address)).json(); } catch { silent += 1; }
        silent = at.total ? 0 : silent + 1;
        const words = at.total && at.done >= at.total ? form.dataset.done : form.dataset.words;
        if (at.total) told.textContent = words.replace("{n}", at.done).replace("{all}", at.total);
        if (silent < 20 && !(at.total && at.done >= at.total)) setTimeout(ask, 700);
      };
      setTimeout(ask, 300);
    });
  }
})();
