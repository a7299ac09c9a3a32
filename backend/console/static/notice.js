// What calls for the reader: numbers on the tabs, in the navigation and in the title, and a sound.
(() => {
  "use strict";

  const { body } = document;
  const KEPT = "chefu-sound";
  const TONES = [
    [660, 0],
    [880, 0.14],
  ];
  if (!body.dataset.staff) return;

  let number = Number(body.dataset.number);
  let latest = body.dataset.latest;
  let sounding = null;

  function title() {
    const plain = document.title.replace(/^\(\d+\+?\) /, "");
    document.title = number ? `(${number < 100 ? number : "99+"}) ${plain}` : plain;
  }

  document.addEventListener("chefu:counts", ({ detail }) => {
    for (const [view, count] of Object.entries(detail.views)) {
      for (const place of document.querySelectorAll(`[data-count="${view}"]`)) {
        place.textContent = count;
      }
    }
    const badge = document.getElementById("waiting");
    const [shown, said] = badge.children;
    badge.hidden = detail.waiting === 0;
    shown.textContent = detail.waiting < 100 ? detail.waiting : "99+";
    said.textContent = badge.dataset.words.replace("{n}", detail.waiting);
    number = detail.number;
    title();
    if (detail.latest > latest) {
      latest = detail.latest;
      if (!reading(latest.split(" ")[1])) ring();
    }
  });

  // A swap brings the title of its page.
  document.addEventListener("htmx:afterSettle", title);
  title();

  function reading(conversation) {
    const open = document.getElementById("conversation")?.dataset.id;
    return open === conversation && !document.hidden && document.hasFocus();
  }

  // Browsers let a page sound only after its reader has done something in it.
  const button = document.getElementById("sound");
  const wanted = () => localStorage.getItem(KEPT) === "on";

  function show() {
    const on = wanted();
    button.hidden = false;
    button.setAttribute("aria-pressed", String(on));
    button.title = on ? button.dataset.on : button.dataset.off;
  }

  function ready() {
    if (wanted()) sounding ??= new AudioContext();
    if (sounding?.state === "suspended") sounding.resume();
  }

  function ring() {
    if (!wanted() || sounding?.state !== "running") return;
    for (const [pitch, start] of TONES) {
      const tone = sounding.createOscillator();
      const volume = sounding.createGain();
      const at = sounding.currentTime + start;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.3);
      tone.connect(volume).connect(sounding.destination);
      tone.start(at);
      tone.stop(at + 0.32);
    }
    body.dataset.rang = String(Number(body.dataset.rang ?? 0) + 1);
  }

  if (window.AudioContext) {
    for (const gesture of ["pointerdown", "keydown"]) document.addEventListener(gesture, ready);
    button.addEventListener("click", () => {
      localStorage.setItem(KEPT, wanted() ? "off" : "on");
      show();
      ready();
      ring();
    });
    show();
  }
})();
