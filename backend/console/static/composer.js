// Where staff write: the draft outlives everything, a note looks like one, canned replies by key.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const FIELD = /\{(\w+)\}/g;
  // With a Chinese keyboard the key of the slash gives an enumeration comma.
  const COMMAND = /(?:^|\s)([/、]([^\s/、]*))$/u;

  let shown = null;
  // What a chosen canned reply takes the place of.
  let range = null;

  const field = () => byId("reply-text");
  const kind = () => (byId("as-note").checked ? "note" : "reply");
  const key = (of) =>
    `draft:${document.body.dataset.staff}:${byId("conversation").dataset.id}:${of}`;

  function keep() {
    if (field().value) sessionStorage.setItem(key(kind()), field().value);
    else sessionStorage.removeItem(key(kind()));
  }

  function open() {
    if (!field() || shown === byId("conversation")) return;
    shown = byId("conversation");
    byId("canned-open").hidden = false;
    const note = sessionStorage.getItem(key("note"));
    const reply = sessionStorage.getItem(key("reply"));
    if (!field().value && note && !reply) byId("as-note").checked = true;
    field().value ||= sessionStorage.getItem(key(kind())) ?? "";
    dress();
  }

  /** The words that go with the chosen tab. */
  function dress() {
    const words = field().dataset[kind()];
    field().placeholder = words;
    field().setAttribute("aria-label", words);
    field().setAttribute("aria-describedby", kind() === "note" ? "note-hint" : "hint");
    missing();
  }

  function missing() {
    const line = byId("missing");
    const names = line.dataset.fields.split(" ");
    const left = [...field().value.matchAll(FIELD)].filter(([, name]) => names.includes(name));
    line.hidden = kind() === "note" || left.length === 0;
    const told = [...new Set(left.map(([whole]) => whole))].join(" ");
    if (!line.hidden) line.textContent = line.dataset.words.replace("{}", told);
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("#composer [name=kind]")) return;
    // A note must not be sent by a change of the tab: each has a draft of its own.
    const left = kind() === "note" ? "reply" : "note";
    if (field().value) sessionStorage.setItem(key(left), field().value);
    else sessionStorage.removeItem(key(left));
    field().value = sessionStorage.getItem(key(kind())) ?? "";
    close();
    dress();
    field().focus();
  });

  document.addEventListener("input", (event) => {
    if (event.target !== field()) return;
    keep();
    missing();
    if (!event.isComposing) command();
  });
  document.addEventListener("compositionend", (event) => {
    if (event.target === field()) command();
  });

  // What was sent leaves the field, unless more was typed meanwhile; what was not sent stays,
  // with the reason.
  document.addEventListener("htmx:afterRequest", (event) => {
    const composer = byId("composer");
    if (!composer || event.detail.requestConfig.verb !== "post") return;
    const { status } = event.detail.xhr;
    composer.querySelector("[data-failed]").hidden = [200, 401, 404, 409, 422].includes(status);
    if (event.target !== composer) return;
    const { formData } = event.detail.requestConfig;
    const sent = formData.get("text");
    const as = formData.get("kind");
    if (status === 200) {
      if (field().value === sent && kind() === as) field().value = "";
      if (sessionStorage.getItem(key(as)) === sent) sessionStorage.removeItem(key(as));
      byId("scroll").scrollTop = 0;
      missing();
    }
    field().focus({ preventScroll: true });
  });

  // ---- Canned replies ----

  const options = () => [...document.querySelectorAll("#canned [role=option]:not([hidden])")];
  const chosen = () => document.querySelector("#canned [aria-selected=true]");

  function command() {
    const end = field().selectionStart;
    const found = COMMAND.exec(field().value.slice(0, end));
    if (!found) return close();
    range = [end - found[1].length, end];
    return offer(found[2]);
  }

  async function offer(words) {
    const box = byId("canned");
    if (!box.firstElementChild) {
      const answer = await fetch(box.dataset.from, { headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      box.replaceChildren(...window.chefu.parsed(await answer.text()));
    }
    if (!range) return;
    box.hidden = false;
    const looked = words.toLowerCase();
    for (const option of box.querySelectorAll("[role=option]")) {
      option.hidden = !option.dataset.search.toLowerCase().includes(looked);
    }
    // What begins with the words comes before what only holds them.
    const exact = options().find((one) => one.dataset.search.toLowerCase().startsWith(looked));
    box.querySelector(".c-no-match").hidden = options().length > 0;
    select(exact ?? options()[0]);
    field().setAttribute("aria-controls", "canned-list");
  }

  function select(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field().setAttribute("aria-activedescendant", option.id);
    else field().removeAttribute("aria-activedescendant");
  }

  function close() {
    range = null;
    if (!byId("canned")) return;
    byId("canned").hidden = true;
    field().removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    const [start, end] = range;
    const { text } = option.dataset;
    close();
    field().setRangeText(text, start, end, "end");
    const first = text.search(FIELD);
    if (first >= 0) {
      // What could not be filled in is what comes next.
      const [whole] = text.slice(first).match(FIELD);
      field().setSelectionRange(start + first, start + first + whole.length);
    }
    field().focus();
    keep();
    missing();
  }

  document.addEventListener("keydown", (event) => {
    if (event.target !== field() || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      field().form.requestSubmit();
      return;
    }
    if (!range || byId("canned").hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const all = options();
      select(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen()) choose(chosen());
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });

  document.addEventListener("pointerdown", (event) => {
    const option = event.target.closest?.("#canned [role=option]");
    if (option) {
      event.preventDefault();
      choose(option);
    } else if (!event.target.closest?.("#canned, #canned-open")) close();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("#canned-open")) return;
    if (range) return void close();
    field().focus();
    range = [field().selectionStart, field().selectionEnd];
    offer("");
  });

  document.addEventListener("htmx:afterSettle", open);
  open();
})();
