// Comments beside a story: @ offers the desk's people, by arrow keys or by touch. Without this file names are typed.
"use strict";
(() => {
  const form = document.querySelector("form#naskah");
  if (!form) return;
  // A comment is no word of the story: neither checks nor draft hear of it.
  document.addEventListener("input", (event) => {
    if (!event.target.closest?.(".talk")) return;
    event.stopPropagation();
    if (event.target.matches("[data-mention]")) offer(event.target);
  }, true);

  let list = null, area = null, chosen = 0;
  const close = () => {
    list?.remove();
    list = null;
    for (const name of ["aria-controls", "aria-activedescendant"]) area?.removeAttribute(name);
    area?.setAttribute("aria-expanded", "false");
  };
  const begun = () => /(?:^|[^\w@])@([\w.+-]*)$/.exec(area.value.slice(0, area.selectionStart));
  const offer = (field) => {
    close();
    area = field;
    const found = begun();
    if (!found) return;
    const wanted = found[1].toLowerCase();
    const people = JSON.parse(field.closest(".talk").dataset.people)
      .filter(([account, name]) => account.toLowerCase().startsWith(wanted) || name.toLowerCase().split(/\s+/).some((word) => word.startsWith(wanted)))
      .slice(0, 6);
    if (!people.length) return;
    list = Object.assign(document.createElement("ul"), { id: "disebut", className: "called-list" });
    list.setAttribute("role", "listbox");
    people.forEach(([account, name, role], at) => {
      const row = Object.assign(document.createElement("li"), { id: `disebut-${at}`, textContent: name });
      row.setAttribute("role", "option");
      row.dataset.account = account;
      // Two people of one name are told apart.
      row.append(Object.assign(document.createElement("span"), { className: "hint", textContent: ` @${account} · ${role}` }));
      row.addEventListener("pointerdown", (event) => { event.preventDefault(); take(row); });
      list.append(row);
    });
    field.after(list);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "true");
    field.setAttribute("aria-controls", "disebut");
    choose(0);
  };
  const choose = (at) => {
    chosen = (at + list.children.length) % list.children.length;
    Array.from(list.children).forEach((row, place) => row.setAttribute("aria-selected", String(place === chosen)));
    area.setAttribute("aria-activedescendant", `disebut-${chosen}`);
  };
  const take = (row) => {
    const length = begun()[1].length;
    area.focus();
    area.setSelectionRange(area.selectionStart - length, area.selectionStart);
    const field = area;
    const words = `${row.dataset.account} `;
    if (!document.execCommand("insertText", false, words)) field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
    close();
  };
  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== area) return;
    const act = {
      ArrowDown: () => choose(chosen + 1),
      ArrowUp: () => choose(chosen - 1),
      Enter: () => take(list.children[chosen]),
      Tab: () => take(list.children[chosen]),
      Escape: close,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }, true);
  document.addEventListener("focusout", (event) => { if (event.target === area) close(); });
})();
