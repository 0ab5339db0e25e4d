// The table for one photo: boxes drawn on the picture write the numbers the server reads. Works without, by numbers.
"use strict";
(() => {
  const form = document.querySelector("#foto-sunting");
  if (!form) return;
  const one = (selector, root = form) => root.querySelector(selector);
  const all = (selector, root = form) => Array.from(root.querySelectorAll(selector));
  const SIDES = ["kiri", "atas", "kanan", "bawah"];
  const stage = one("[data-stage]");
  const list = one("[data-blurs]");
  const smallest = 2;
  let mode = "kabur";
  let ratio = 0;

  for (const part of all("[data-modes], [data-add-blur], [data-remove-blur], [data-acts]")) part.hidden = false;
  one("[data-numbers]").open = false;
  stage.classList.add("tools");

  // Numbers: percent of the upright original. What is empty or no number draws nothing.
  const read = (fields) => {
    const values = fields.map((field) => field.value.trim() === "" ? NaN : Number(field.value.trim().replace(",", ".")));
    return values.every(Number.isFinite) ? values : null;
  };
  const write = (fields, values) => fields.forEach((field, index) => { field.value = values ? String(Math.round(values[index] * 1000) / 1000) : ""; });
  const cropFields = SIDES.map((side) => one(`[name=potong-${side}]`));
  const focusFields = [one("[name=fokus-x]"), one("[name=fokus-y]")];
  const blurFields = (row) => SIDES.map((side) => one(`[name=kabur-${side}]`, row));
  const clamp = (value, low = 0, high = 100) => Math.min(high, Math.max(low, value));

  const addRow = () => {
    list.append(one("[data-blur-row]").content.cloneNode(true));
    const row = list.lastElementChild;
    one("[data-remove-blur]", row).hidden = false;
    return row;
  };
  const freeRow = () => all("[data-blur]", list).find((row) => blurFields(row).every((field) => !field.value.trim())) || addRow();

  // Boxes on the picture.
  const place = (box, [left, top, right, bottom]) => {
    box.style.left = `${left}%`; box.style.top = `${top}%`;
    box.style.width = `${right - left}%`; box.style.height = `${bottom - top}%`;
  };
  const makeBox = (kind, fields) => {
    const box = document.createElement("div");
    box.className = `box ${kind}`;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", one(`input[value=${kind}]`).parentElement.textContent.trim());
    box.append(document.createElement("i"));
    box.fields = fields;
    stage.append(box);
    return box;
  };
  let chosen = null; // the fields of the box that was touched last: what "remove" removes
  const draw = () => {
    const held = document.activeElement && document.activeElement.fields && document.activeElement.fields[0];
    for (const old of all(".box, .focus-mark", stage)) old.remove();
    const rows = [["potong", cropFields], ...all("[data-blur]", list).map((row) => ["kabur", blurFields(row)])];
    for (const [kind, fields] of rows) {
      const values = read(fields);
      if (!values) continue;
      const box = makeBox(kind, fields);
      place(box, values);
      box.classList.toggle("chosen", fields[0] === chosen?.[0]);
      if (held === fields[0]) box.focus();
    }
    one("[data-remove-box]").disabled = !one(".box.chosen", stage);
    const focus = read(focusFields);
    if (focus) {
      const mark = document.createElement("span");
      mark.className = "focus-mark";
      mark.style.left = `${focus[0]}%`; mark.style.top = `${focus[1]}%`;
      stage.append(mark);
    }
  };

  // The server draws what readers will see.
  const picture = one("[data-preview-image]");
  const error = one("[data-preview-error]");
  let waiting;
  const preview = () => {
    const data = new URLSearchParams();
    for (const field of all("[data-numbers] input")) data.append(field.name, field.value);
    picture.src = `${form.dataset.preview}?${data}`;
  };
  picture.addEventListener("load", () => { error.hidden = true; });
  picture.addEventListener("error", async () => {
    const answer = await fetch(picture.src, { credentials: "same-origin" });
    if (answer.ok) return;
    error.textContent = answer.status === 422 ? await answer.text() : String(answer.status);
    error.hidden = false;
  });
  // Every act can be taken back, one by one, until the page is saved.
  const said = () => [read(cropFields), read(focusFields), ...all("[data-blur]", list).map((row) => blurFields(row).map((field) => field.value))];
  const past = [];
  let last = said();
  const remember = () => {
    const now = said();
    if (JSON.stringify(now) === JSON.stringify(last)) return;
    past.push(last);
    if (past.length > 200) past.shift();
    last = now;
    one("[data-undo]").disabled = false;
  };
  const undo = () => {
    if (!past.length) return;
    const [crop, focus, ...blurs] = past.pop();
    write(cropFields, crop);
    write(focusFields, focus);
    while (all("[data-blur]", list).length < blurs.length) addRow();
    all("[data-blur]", list).forEach((row, index) => {
      if (!blurs[index]) row.remove();
      else blurFields(row).forEach((field, side) => { field.value = blurs[index][side]; });
    });
    last = said();
    changed();
    one("[data-undo]").disabled = !past.length;
  };

  // Whoever moves a box has not yet looked at the new picture: their word is asked again.
  const changed = (looks = true) => {
    remember();
    if (looks) one("[name=tersamar]").checked = false;
    draw();
    clearTimeout(waiting);
    waiting = setTimeout(preview, 300);
  };

  // Shapes: width to height of what is left, in pixels.
  const image = one("img", stage);
  const aspect = () => image.naturalWidth && image.naturalHeight ? image.naturalWidth / image.naturalHeight : 1;
  const shaped = (width) => ratio ? width * aspect() / ratio : 0;
  const cropTo = (wanted) => {
    ratio = wanted;
    for (const button of all("[data-ratio]")) button.setAttribute("aria-pressed", String(Number(shape(button)) === ratio));
    if (!ratio) return;
    const now = read(cropFields) || [0, 0, 100, 100];
    let width = now[2] - now[0];
    if (shaped(width) > 100) width = 100 * ratio / aspect();
    const height = shaped(width);
    const focus = read(focusFields) || [(now[0] + now[2]) / 2, (now[1] + now[3]) / 2];
    const left = clamp(focus[0] - width / 2, 0, 100 - width);
    const top = clamp(focus[1] - height / 2, 0, 100 - height);
    write(cropFields, [left, top, left + width, top + height]);
    changed();
  };
  const shape = (button) => { const [width, height] = (button.dataset.ratio || "0:1").split(":"); return width / height; };
  for (const button of all("[data-ratio]")) button.addEventListener("click", () => cropTo(shape(button)));
  one("[data-uncrop]").addEventListener("click", () => { cropTo(0); write(cropFields, null); changed(); });

  // Pointer: draw, move, resize.
  const at = (event) => {
    const frame = stage.getBoundingClientRect();
    return [clamp(100 * (event.clientX - frame.left) / frame.width), clamp(100 * (event.clientY - frame.top) / frame.height)];
  };
  const spanned = (from, to, kept) => {
    let [left, right] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
    let [top, bottom] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
    if (kept) {
      const down = to[1] >= from[1];
      const room = down ? 100 - from[1] : from[1];
      let width = right - left;
      if (shaped(width) > room) width = room * ratio / aspect();
      if (to[0] >= from[0]) right = left + width; else left = right - width;
      if (down) { top = from[1]; bottom = top + shaped(width); } else { bottom = from[1]; top = bottom - shaped(width); }
    }
    return [left, top, right, bottom];
  };
  let drag = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button || drag) return;
    event.preventDefault();
    const start = at(event);
    if (mode === "fokus") { write(focusFields, start); changed(false); return; }
    const box = event.target.closest(".box");
    if (box) {
      box.focus();
      const values = read(box.fields);
      drag = { id: event.pointerId, fields: box.fields, start, before: values, kind: event.target.matches("i") ? "size" : "move" };
    } else {
      const fields = mode === "potong" ? cropFields : null;
      drag = { id: event.pointerId, fields, start, before: fields && read(fields), kind: "new" };
    }
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const now = at(event);
    const kept = mode === "potong" && ratio;
    let values;
    if (drag.kind === "move") {
      const [left, top, right, bottom] = drag.before;
      const x = clamp(now[0] - drag.start[0], -left, 100 - right);
      const y = clamp(now[1] - drag.start[1], -top, 100 - bottom);
      values = [left + x, top + y, right + x, bottom + y];
    } else {
      const from = drag.kind === "size" ? drag.before.slice(0, 2) : drag.start;
      values = spanned(from, now, kept);
      if (values[2] - values[0] < smallest || values[3] - values[1] < smallest) return;
      if (!drag.fields) drag.fields = blurFields(freeRow());
    }
    drag.moved = true;
    write(drag.fields, values);
    draw();
  });
  const ended = (event) => {
    if (!drag || event.pointerId !== drag.id) return;
    const { moved, fields, before } = drag;
    drag = null;
    if (event.type === "pointercancel" && moved) write(fields, before);
    if (moved) changed();
  };
  stage.addEventListener("pointerup", ended);
  stage.addEventListener("pointercancel", ended);

  // Keys: arrows move a box, with Shift they size it, Delete takes it away.
  stage.addEventListener("keydown", (event) => {
    const box = event.target.closest(".box");
    if (!box) return;
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); write(box.fields, null); changed(); return; }
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const [left, top, right, bottom] = read(box.fields);
    if (event.shiftKey) {
      write(box.fields, [left, top, clamp(right + step[0], left + smallest), clamp(bottom + step[1], top + smallest)]);
    } else {
      const x = clamp(step[0], -left, 100 - right);
      const y = clamp(step[1], -top, 100 - bottom);
      write(box.fields, [left + x, top + y, right + x, bottom + y]);
    }
    changed();
  });

  // Without a pointer: a box in the middle, moved by the arrow keys. Without a keyboard: a button to remove it.
  one("[data-add-box]").addEventListener("click", () => {
    const crops = mode === "potong";
    const fields = crops ? cropFields : blurFields(freeRow());
    write(fields, crops ? [10, 10, 90, 90] : [40, 40, 60, 60]);
    chosen = fields;
    changed();
    all(".box", stage).find((box) => box.fields[0] === fields[0]).focus();
  });
  one("[data-remove-box]").addEventListener("click", () => {
    if (!chosen) return;
    write(chosen, null);
    chosen = null;
    changed();
    one("[data-add-box]").focus();
  });
  stage.addEventListener("focusin", (event) => {
    const box = event.target.closest(".box");
    if (!box || box.fields[0] === chosen?.[0]) return;
    chosen = box.fields;
    for (const other of all(".box", stage)) other.classList.toggle("chosen", other === box);
    one("[data-remove-box]").disabled = false;
  });
  one("[data-undo]").addEventListener("click", undo);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return;
    if (event.target.matches("input:not([type=checkbox], [type=radio])")) return; // the browser's own undo
    event.preventDefault();
    undo();
  });

  const choose = () => {
    mode = one("[name=alat]:checked").value;
    one("[data-add-box]").hidden = mode === "fokus";
    stage.dataset.mode = mode;
    one("[data-ratios]").hidden = mode !== "potong";
    for (const help of all("[data-help]")) help.hidden = help.dataset.help !== mode;
  };
  one("[data-modes]").addEventListener("change", choose);
  one("[data-numbers]").addEventListener("input", (event) => changed(!event.target.name.startsWith("fokus")));
  one("[data-add-blur]").addEventListener("click", () => { one("input", addRow()).focus(); });
  list.addEventListener("click", (event) => {
    if (!event.target.matches("[data-remove-blur]")) return;
    event.target.closest("[data-blur]").remove();
    changed();
  });
  choose();
  draw();
  preview();
})();
