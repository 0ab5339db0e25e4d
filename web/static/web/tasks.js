// Site tasks: copy buttons. Without this file the texts are there to be marked and copied by hand.
"use strict";
(() => {
  const buttons = Array.from(document.querySelectorAll("[data-copy-of]"));

  // Works where the newer way does not: on plain http, as in most offices.
  const mark = (source) => {
    const folds = [];
    for (let fold = source.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) { fold.open = true; folds.push(fold); }
    const selection = window.getSelection();
    selection.selectAllChildren(source);
    const done = document.execCommand("copy");
    selection.removeAllRanges();
    for (const fold of folds) fold.open = false;
    return done;
  };

  const copy = async (source, rich) => {
    const plain = rich ? source.innerText : source.textContent.trim();
    try {
      if (!window.isSecureContext) return mark(source);
      if (rich) {
        const parts = { "text/html": new Blob([source.innerHTML], { type: "text/html" }), "text/plain": new Blob([plain], { type: "text/plain" }) };
        await navigator.clipboard.write([new ClipboardItem(parts)]);
      } else await navigator.clipboard.writeText(plain);
      return true;
    } catch {
      return mark(source);
    }
  };

  const said = document.createElement("p");
  said.className = "hidden";
  said.setAttribute("role", "status");
  document.querySelector("main").append(said);

  for (const button of buttons) {
    const words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const done = await copy(document.getElementById(button.dataset.copyOf), button.hasAttribute("data-rich"));
      button.textContent = said.textContent = done ? "✓ " + words : "✗ " + words;
      button.classList.toggle("copied", done);
      setTimeout(() => { button.textContent = words; button.classList.remove("copied"); }, 2500);
    });
  }
})();
