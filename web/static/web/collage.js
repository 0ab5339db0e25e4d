// The collage maker: drag a photo onto another to swap them, a candidate onto a photo to replace it, tap a photo's
// focus. Everything else on the page is plain forms, and works without this.
"use strict";
(() => {
  const form = (id) => document.getElementById(id);
  const placed = (node) => node instanceof Element ? node.closest("[data-place]") : null;
  const send = (values) => {
    const act = form("seret");
    if (!act) return;
    for (const [name, value] of Object.entries(values)) act.elements[name].value = value;
    act.requestSubmit();
  };

  // Dragging: with a mouse or a pen; on touch the buttons do it, so that a finger can scroll.
  let drag = null;
  const under = (event) => placed(document.elementFromPoint(event.clientX, event.clientY));
  const clear = () => {
    for (const old of document.querySelectorAll(".tile.over")) old.classList.remove("over");
    drag?.ghost?.remove();
  };
  document.addEventListener("dragstart", (event) => { if (event.target.closest?.("#kolase")) event.preventDefault(); });
  document.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch" || !form("seret")) return;
    const tile = placed(event.target);
    const offer = event.target instanceof Element && event.target.matches("img") ? event.target.closest("[data-free]") : null;
    if (!tile && !offer) return;
    event.preventDefault();
    const source = tile ? tile.querySelector("image").getAttribute("href") : offer.querySelector("img").src;
    drag = { tile, photo: offer?.dataset.photo, source, x: event.clientX, y: event.clientY, ghost: null };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.ghost) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 8) return;
      drag.ghost = document.createElement("img");
      drag.ghost.className = "ghost";
      drag.ghost.alt = "";
      drag.ghost.src = drag.source;
      document.body.append(drag.ghost);
    }
    drag.ghost.style.left = `${event.clientX + 8}px`;
    drag.ghost.style.top = `${event.clientY + 8}px`;
    const over = under(event);
    for (const old of document.querySelectorAll(".tile.over")) if (old !== over) old.classList.remove("over");
    if (over && over !== drag.tile) over.classList.add("over");
  });
  const ended = (event) => {
    if (!drag) return;
    const { tile, photo, ghost } = drag;
    const over = ghost && event.type === "pointerup" ? under(event) : null;
    clear();
    drag = null;
    if (!ghost) return;
    // The click that follows a drag chooses nothing.
    const still = (click) => { click.preventDefault(); click.stopPropagation(); };
    document.addEventListener("click", still, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", still, { capture: true }), 50);
    if (!over || over === tile) return;
    if (photo) send({ verba: "put", tempat: over.dataset.place, foto: photo });
    else send({ verba: "swap", tempat: tile.dataset.place, dengan: over.dataset.place });
  };
  document.addEventListener("pointerup", ended);
  document.addEventListener("pointercancel", ended);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) { clear(); drag = null; }
    const tile = placed(event.target);
    if (tile && (event.key === " " || event.key === "Spacebar")) { event.preventDefault(); tile.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })); }
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return;
    if (event.target.matches("input, textarea, select")) return; // the browser's own undo
    const button = form("urungkan")?.querySelector("button:not([disabled])");
    if (button) { event.preventDefault(); button.click(); }
  });

  // Focus: a tap on the photo says what a crop must keep.
  document.addEventListener("click", (event) => {
    const image = event.target instanceof Element ? event.target.closest("[data-focus-stage] img") : null;
    if (!image) return;
    const frame = image.getBoundingClientRect();
    const ratio = image.naturalWidth / image.naturalHeight || 1;
    const width = Math.min(frame.width, frame.height * ratio);
    const height = width / ratio;
    const x = (event.clientX - frame.left - (frame.width - width) / 2) / width;
    const y = (event.clientY - frame.top - (frame.height - height) / 2) / height;
    if (x < 0 || x > 1 || y < 0 || y > 1) return;
    const act = form("fokus");
    act.elements.x.value = (100 * x).toFixed(1);
    act.elements.y.value = (100 * y).toFixed(1);
    act.requestSubmit();
  });
  const settle = () => { for (const help of document.querySelectorAll("[data-focus-help]")) help.hidden = false; };
  settle();
  document.addEventListener("htmx:afterSettle", settle);

  // What is chosen from a list applies at once; words wait for the button.
  document.addEventListener("change", (event) => {
    const act = event.target instanceof Element && event.target.matches("select") ? event.target.closest("form.settings, #dekat-form") : null;
    act?.requestSubmit();
  });
})();
