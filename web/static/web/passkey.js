// Passkeys: each form of one is handed to allauth's script; what goes wrong is said in a sentence.
"use strict";

(() => {
  const told = document.querySelector("[data-passkey-fault]");
  const say = (which) => {
    told.textContent = told.dataset[which];
    told.hidden = false;
  };
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    say(event.detail.exception && event.detail.exception.name === "InvalidStateError" ? "known" : "gone");
  });
  const form = document.querySelector("form[data-passkey]");
  if (!form) return;
  if (!window.PublicKeyCredential) {
    if ("passkeyNeeded" in form.dataset) say("unsafe");
    return;
  }
  form.hidden = false;
  const button = "kunci-tombol";
  window.allauth.webauthn.forms[form.dataset.passkey]({
    ids: {
      login: button, authenticate: button, add: button,
      credential: "kunci-isi", passwordless: "id_passwordless", data: "js_data",
    },
  });
})();
