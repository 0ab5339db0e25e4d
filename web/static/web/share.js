// Sharing a released story: its text is copied, opened in WhatsApp, or handed to the phone with its photos; each is noted.
"use strict";
(() => {
  const one = (selector, root) => root.querySelector(selector);
  const all = (selector, root) => Array.from(root.querySelectorAll(selector));
  const sends = typeof navigator.share === "function";
  const sendsFiles = () => {
    try { return sends && navigator.canShare({ files: [new File(["x"], "x.jpg", { type: "image/jpeg" })] }); } catch (none) { console.info(none.message); return false; }
  };
  const withFiles = sendsFiles();
  const show = (root) => {
    for (const button of all("[data-share] [data-copy]", root)) button.hidden = false;
    for (const button of all("[data-share] [data-send]", root)) button.hidden = !(button.dataset.photos ? withFiles : sends);
  };
  show(document);
  document.addEventListener("htmx:afterSwap", () => show(document));

  const say = (card, words) => { one(".share-said[role=status]", card).textContent = words; };
  // The form stands outside the card: on a story's page the card is inside another form.
  const form = () => one("[data-share-form]", document);
  const post = async (card, address, data) => {
    try {
      const answer = await fetch(address, { method: "POST", body: data, headers: { "HX-Request": "true" }, keepalive: true });
      if (!answer.ok && answer.status !== 409) throw new Error(answer.status);
      one("[data-shares]", card).innerHTML = await answer.text();
    } catch (away) {
      console.info(away.message);
      say(card, card.dataset.unnoted);
    }
  };
  const note = (card, way) => {
    if (!form()) return;
    const data = new FormData(form());
    data.set("cara", way);
    post(card, card.dataset.note, data);
  };

  const copied = async (area) => {
    if (navigator.clipboard) {
      try { await navigator.clipboard.writeText(area.value); return true; } catch (refused) { console.info(refused.message); }
    }
    area.focus(); // without HTTPS, or where the browser asks first and was told no
    area.select();
    return document.execCommand("copy");
  };
  // Photos are fetched when they are wanted: they cost the phone's data.
  const fetched = new Map();
  const files = async (button) => {
    const addresses = (button.dataset.photos || "").split(" ").filter(Boolean);
    const key = addresses.join(" ");
    if (!fetched.has(key)) {
      fetched.set(key, (await Promise.all(addresses.map(async (address) => {
        const answer = await fetch(address);
        const name = (answer.headers.get("Content-Disposition") || "").match(/filename="([^"]+)"/);
        return answer.ok ? new File([await answer.blob()], name ? name[1] : "foto.jpg", { type: "image/jpeg" }) : null;
      }))).filter(Boolean));
    }
    return fetched.get(key);
  };
  const send = async (card, button) => {
    const text = one("textarea", card).value;
    try {
      if (button.dataset.photos) say(card, card.dataset.fetching);
      const photos = button.dataset.photos ? await files(button) : [];
      await navigator.share(photos.length && navigator.canShare({ files: photos, text }) ? { files: photos, text } : { text });
      say(card, "");
      note(card, "ponsel");
    } catch (stopped) {
      console.info(stopped.message);
      // Fetching took so long that the phone has forgotten the tap: the photos are at hand for the next.
      if (stopped.name === "NotAllowedError" && button.dataset.photos) say(card, card.dataset.ready);
      else say(card, stopped.name === "AbortError" ? "" : card.dataset.unsent);
    }
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-share] [data-copy], [data-share] [data-send], [data-share] [data-whatsapp]");
    if (!button) return;
    const card = button.closest("[data-share]");
    if (button.matches("[data-whatsapp]")) note(card, "whatsapp");
    else if (button.matches("[data-send]")) send(card, button);
    else if (await copied(one("textarea", card))) {
      say(card, card.dataset.copied);
      note(card, "salin");
    } else say(card, card.dataset.failed);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-share-form]")) return;
    const card = one("[data-share]", document);
    const button = event.submitter;
    if (!card || !button) return;
    event.preventDefault();
    const data = new FormData(event.target);
    if (button.name) data.set(button.name, button.value);
    post(card, button.hasAttribute("formaction") ? button.formAction : event.target.action, data);
  });
})();
