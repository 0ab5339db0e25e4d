// The form contributors send coverage by: files travel in pieces and go on where a cut line left them.
"use strict";
(() => {
  const form = document.querySelector("#kirim");
  if (!form) return;
  const one = (selector, root = form) => root.querySelector(selector);
  const all = (selector, root = form) => Array.from(root.querySelectorAll(selector));
  const said = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), form.dataset[`said${name}`]);
  const list = one("[data-files]"), fault = one("[data-fault]"), total = one("[data-total]"), saved = one("[data-saved]"), send = one("[data-send]");
  const picker = one("#berkas"), token = one("[name=csrfmiddlewaretoken]").value;
  const LARGEST_PIECE = Number(form.dataset.piece), SMALLEST_PIECE = 65536, STALLED = 30000;
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const bytes = (count) => count >= 1e6 ? `${number.format(count / 1e6)} MB` : `${number.format(Math.max(count / 1e3, 0.1))} kB`;
  const rows = () => all("[data-file]", list);
  const jobs = new Map(); // row → {file, cancelled}
  let address = form.dataset.address, beginning = null, busy = false, waiting = false, leaving = false, piece = 262144;

  for (const plain of all("[data-plain]")) plain.remove();
  one("[data-script]").hidden = false;
  one("#judul").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); one("#naskah").focus(); } });

  const tell = (sentence) => { fault.textContent = sentence; fault.hidden = !sentence; };
  class Refused extends Error { constructor(sentence, status) { super(sentence); this.status = status; } }

  // One request; anything but an answer of ours counts as a line that was cut.
  const ask = async (method, url, body = null) => {
    const answer = await fetch(url, { method, body, headers: { "X-CSRFToken": token }, redirect: "error" });
    if (answer.status >= 500 && answer.status !== 507) throw new TypeError("cut");
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(data.error || `${answer.status}`, answer.status);
    return data;
  };
  const pause = (seconds) => new Promise((go) => {
    const timer = setTimeout(go, seconds * 1000);
    window.addEventListener("online", () => { clearTimeout(timer); go(); }, { once: true });
  });
  const stubbornly = async (act, again = () => {}) => {
    for (let delay = 1; ; delay = Math.min(delay * 2, 15)) {
      try { return await act(); } catch (error) {
        if (error instanceof Refused) throw error;
        again();
        await pause(delay);
      }
    }
  };
  const begin = () => {
    if (address) return Promise.resolve();
    beginning ||= stubbornly(() => ask("POST", form.dataset.begin)).then((begun) => {
      address = begun.address;
      form.action = address;
      window.history.replaceState(null, "", address);
    }).catch((error) => { beginning = null; throw error; });
    return beginning;
  };

  // What was typed is saved as it is typed.
  let timer = 0, unsaved = false;
  const save = async () => {
    try {
      await begin();
      const words = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (name && typeof value === "string") words.append(name, value);
      await ask("POST", `${address}simpan/`, words);
      saved.textContent = said("Words");
      unsaved = false;
    } catch (error) {
      if (error instanceof Refused) { tell(error.message); return; }
      saved.textContent = said("WordsNot");
      timer = setTimeout(save, 4000);
    }
  };
  const soon = () => { unsaved = true; saved.textContent = ""; clearTimeout(timer); timer = setTimeout(save, 1000); };
  form.addEventListener("input", (event) => { if (event.target !== picker) soon(); });

  // Rows
  const arrived = (row) => Number(row.dataset.received);
  const size = (row) => Number(row.dataset.size);
  const show = (row, words = "", part = 0) => {
    const now = arrived(row) + part, whole = now >= size(row);
    one("[data-state]", row).textContent = [bytes(size(row)), words || (whole ? said("Arrived") : "")].filter(Boolean).join(" · ");
    row.classList.toggle("waits", words === said("Choose"));
    const bar = one("progress", row);
    bar.value = size(row) ? 100 * now / size(row) : 0;
    bar.hidden = whole;
    row.dataset.shown = now;
    sum();
  };
  const sum = () => {
    const every = rows(), there = every.reduce((count, row) => count + Number(row.dataset.shown || row.dataset.received), 0);
    const together = every.reduce((count, row) => count + size(row), 0);
    total.hidden = !every.length;
    one("progress", total).value = together ? 100 * there / together : 0;
    one("[role=status]", total).textContent = said("Total", { a: bytes(there), b: bytes(together) });
  };
  const place = () => rows().forEach((row, index, every) => {
    one("input[type=number]", row).value = index + 1;
    for (const button of all(".move", row)) button.hidden = every.length < 2;
    one("[data-up]", row).disabled = index === 0;
    one("[data-down]", row).disabled = index === every.length - 1;
  });
  const called = (row, key) => {
    row.dataset.file = key;
    const caption = one("textarea", row);
    caption.id = caption.name = `keterangan-${key}`;
    one("[data-caption] label", row).htmlFor = caption.id;
    one("input[type=number]", row).name = `urutan-${key}`;
    one("[data-remove]", row).value = key;
  };
  const ready = (row) => {
    const button = one("[data-remove]", row), thumb = one("[data-thumb]", row);
    button.type = "button";
    row.classList.add("sorted");
    button.addEventListener("click", async () => {
      const job = jobs.get(row), key = row.dataset.file;
      if (job) job.cancelled = true;
      jobs.delete(row);
      row.remove(); place(); sum();
      if (key) await stubbornly(() => ask("DELETE", `${address}berkas/${key}/`)).catch((error) => tell(error.message));
      finish();
    });
    one("[data-up]", row).addEventListener("click", (event) => { row.previousElementSibling?.before(row); place(); soon(); refocus(event); });
    one("[data-down]", row).addEventListener("click", (event) => { row.nextElementSibling?.after(row); place(); soon(); refocus(event); });
    const refocus = (event) => (event.currentTarget.disabled ? one(".move:not(:disabled)", row) : event.currentTarget)?.focus();
    thumb.draggable = true;
    thumb.addEventListener("dragstart", (event) => { row.classList.add("dragged"); event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", ""); event.dataTransfer.setDragImage(row, 20, 20); });
    thumb.addEventListener("dragend", () => { row.classList.remove("dragged"); place(); soon(); });
  };
  list.addEventListener("dragover", (event) => {
    const dragged = one(".dragged", list), over = event.target.closest("[data-file]");
    if (!dragged) return;
    event.preventDefault();
    if (!over || over === dragged) return;
    const box = over.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) over.before(dragged); else over.after(dragged);
  });

  // Small pictures are made here; the photo itself need not come back over the line.
  let drawing = Promise.resolve();
  const look = (row, address_) => {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.draggable = false;
    picture.src = address_;
    one("[data-thumb]", row).replaceChildren(picture);
  };
  const remembered = (row) => `kirim-${row.dataset.file}`;
  const draw = (row, file) => {
    drawing = drawing.then(async () => {
      try {
        const drawn = await createImageBitmap(file, { resizeWidth: 200, resizeQuality: "medium" });
        const canvas = document.createElement("canvas");
        canvas.width = drawn.width; canvas.height = drawn.height;
        canvas.getContext("2d").drawImage(drawn, 0, 0);
        drawn.close();
        row.thumb = canvas.toDataURL("image/jpeg", 0.7);
        look(row, row.thumb);
        keep(row);
      } catch { /* a kind of picture this browser cannot draw keeps its symbol */ }
    });
  };
  const keep = (row) => {
    if (!row.thumb || !row.dataset.file) return;
    try { sessionStorage.setItem(remembered(row), row.thumb); } catch { /* no room: after a reload there is a symbol */ }
  };

  // CRC-32, to tell whether a file chosen again is the one that had begun to arrive.
  const table = Uint32Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n; });
  const checksum = async (file, length) => {
    let crc = 0xffffffff;
    for (let at = 0; at < length; at += 4194304) {
      const part = new Uint8Array(await file.slice(at, Math.min(at + 4194304, length)).arrayBuffer());
      for (const byte of part) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8);
    }
    return (crc ^ 0xffffffff) >>> 0;
  };

  const pick = async (files) => {
    tell("");
    for (const file of files) {
      if (file.size > Number(form.dataset.largest) * 1e6) { tell(`${file.name}: ${said("TooLarge", { n: form.dataset.largest })}`); continue; }
      const begun = rows().filter((row) => row.dataset.name === file.name && size(row) === file.size && arrived(row) < size(row) && !jobs.has(row));
      const row = begun[0] || added(file);
      jobs.set(row, { file, resumed: begun.length > 0, cancelled: false });
      show(row, said("Waiting"));
      if (!("document" in row.dataset)) draw(row, file);
    }
    place();
    work();
  };
  const added = (file) => {
    const row = one("[data-row]").content.firstElementChild.cloneNode(true);
    Object.assign(row.dataset, { name: file.name, size: file.size, received: 0 });
    one("[data-filename]", row).textContent = file.name;
    one("progress", row).setAttribute("aria-label", file.name);
    one("progress", row).hidden = false;
    const photo = file.type.startsWith("image/") || /\.(jpe?g|png|webp|hei[cf]|tiff?|gif|bmp)$/i.test(file.name);
    if (!photo) { row.dataset.document = ""; one("[data-caption]", row).hidden = true; one("[data-thumb] use", row).setAttribute("href", one("[data-thumb] use", row).getAttribute("href").replace("#picture", "#file")); }
    list.append(row);
    ready(row);
    return row;
  };

  const work = async () => {
    if (busy) return;
    busy = true;
    while (jobs.size) {
      // All are announced before any is carried, so that a reload forgets none of them.
      const fresh = Array.from(jobs).find(([row]) => !row.dataset.file);
      const [row, job] = fresh || jobs.entries().next().value;
      try {
        if (fresh) { await announce(row, job); continue; }
        await bring(row, job);
      } catch (error) {
        tell(error.message);
        if (!row.dataset.file) row.remove(); else show(row, said("Choose"));
      }
      jobs.delete(row);
      place(); sum();
    }
    busy = false;
    finish();
  };
  const announce = async (row, job) => {
    await begin();
    const words = new URLSearchParams({ name: job.file.name, type: job.file.type, size: job.file.size });
    const begun = await stubbornly(() => ask("POST", `${address}berkas/`, words), () => show(row, said("Again")));
    if (job.cancelled) { await ask("DELETE", `${address}berkas/${begun.key}/`).catch(() => {}); return; }
    called(row, begun.key);
    keep(row);
    show(row, said("Waiting"));
    soon();
  };
  const bring = async (row, job) => {
    const again = () => show(row, said("Again"));
    if (job.resumed) {
      show(row, said("Checking"));
      const there = await stubbornly(() => ask("GET", `${address}berkas/${row.dataset.file}/`), again);
      row.dataset.received = there.received;
      if (await checksum(job.file, there.received) !== there.crc) {
        // Another file of the same name and size: it goes beside the first, which waits to be removed.
        show(row, said("Choose"));
        jobs.set(added(job.file), { file: job.file, resumed: false, cancelled: false });
        return;
      }
    }
    while (arrived(row) < size(row) && !job.cancelled) {
      const at = arrived(row), began = performance.now();
      try {
        row.dataset.received = await carry(row, job.file.slice(at, at + piece), at);
        if (performance.now() - began < 4000) piece = Math.min(piece * 2, LARGEST_PIECE);
      } catch (error) {
        if (error instanceof Refused || job.cancelled) throw error;
        piece = Math.max(piece / 2, SMALLEST_PIECE);
        const there = await stubbornly(async () => { again(); await pause(1); return ask("GET", `${address}berkas/${row.dataset.file}/`); }, again);
        row.dataset.received = there.received;
      }
      show(row);
    }
  };
  // XMLHttpRequest, because it tells how far a piece has come.
  const carry = (row, part, at) => new Promise((done, fail) => {
    const line = new XMLHttpRequest();
    let watch = 0;
    const alive = () => { clearTimeout(watch); watch = setTimeout(() => line.abort(), STALLED); };
    line.open("POST", `${address}berkas/${row.dataset.file}/`);
    line.setRequestHeader("X-CSRFToken", token);
    line.setRequestHeader("Upload-Offset", at);
    line.setRequestHeader("Content-Type", "application/octet-stream");
    line.upload.addEventListener("progress", (event) => { alive(); show(row, "", event.loaded); });
    line.addEventListener("loadend", () => {
      clearTimeout(watch);
      let answer = {};
      try { answer = JSON.parse(line.responseText); } catch { /* no answer of ours */ }
      if ((line.status === 200 || line.status === 409) && "received" in answer) done(answer.received);
      else if (line.status >= 400 && line.status < 500 || line.status === 507) fail(new Refused(answer.error || `${line.status}`, line.status));
      else fail(new TypeError("cut"));
    });
    alive();
    line.send(part);
  });

  // Sending waits for what is still on its way.
  const finish = () => {
    if (!waiting || jobs.size) return;
    waiting = false;
    one("span", send).textContent = said("Send");
    send.disabled = false;
    if (whole()) form.requestSubmit(send);
  };
  const whole = () => {
    const half = rows().filter((row) => arrived(row) < size(row));
    for (const row of half) show(row, said("Choose"));
    if (half.length) { tell(said("Choose")); half[0].scrollIntoView({ block: "center" }); }
    return !half.length;
  };
  form.addEventListener("submit", (event) => {
    if (leaving) { event.preventDefault(); return; }
    if (jobs.size) {
      event.preventDefault();
      waiting = true;
      one("span", send).textContent = said("Sending");
      send.disabled = true;
    } else if (!whole()) {
      event.preventDefault();
    } else {
      leaving = true;
      clearTimeout(timer);
      for (const row of rows()) sessionStorage.removeItem(remembered(row));
    }
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => { if ((jobs.size || unsaved) && !leaving) event.preventDefault(); });

  const chosen = () => { const files = Array.from(picker.files); picker.value = ""; pick(files); };
  picker.addEventListener("change", chosen);
  const carriesFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  document.addEventListener("dragover", (event) => { if (carriesFiles(event)) { event.preventDefault(); form.classList.add("over"); } });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) form.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    form.classList.remove("over");
    pick(Array.from(event.dataTransfer.files));
  });

  for (const row of rows()) {
    ready(row);
    const kept = sessionStorage.getItem(remembered(row));
    if (kept) { row.thumb = kept; look(row, kept); }
    show(row, arrived(row) < size(row) ? said("Choose") : "");
  }
  place();
  if (picker.files.length) chosen(); // on a slow phone somebody was quicker than this file
})();
