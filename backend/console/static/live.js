// The stream of this page: connects, connects again, asks now and then where there is no stream,
// and hands what it hears to the other files as events `chefu:counts`, `chefu:rows`,
// `chefu:thread`.
(() => {
  "use strict";

  const FIRST_PAUSE = 1000;
  const LONGEST_PAUSE = 30000;
  const POLL = 30000;
  // The server says something every 20 s.
  const SILENCE = 50000;
  const LOCK = "chefu-hidden-stream";

  const { body } = document;
  const byId = (id) => document.getElementById(id);
  if (!body.dataset.staff) return;

  // What the server has told of counts, rows and the open conversation: the id of its last event.
  let after = [body.dataset.counts, "", ""];
  let source = null;
  let connectedTo = "";
  let heard = Date.now();
  let pause = FIRST_PAUSE;
  let retry = 0;
  let ended = false;
  let release = null;

  function place() {
    const query = new URLSearchParams();
    const results = byId("results");
    const rows = results?.offsetParent ? results.dataset.rows : "";
    if (rows) {
      for (const [name, value] of new URLSearchParams(results.dataset.query)) {
        query.set(name, value);
      }
      query.set("rows", rows);
    }
    if (rows === "ids") {
      const ids = [...document.querySelectorAll("#rows > li")].map((row) => row.id.slice(2));
      query.set("ids", ids.join(","));
    }
    const conversation = byId("conversation")?.dataset.id;
    // An earlier part does not change any more.
    if (conversation && !byId("thread").dataset.before) query.set("conversation", conversation);
    return `/console/live?${query}`;
  }

  /** The versions of what the server has written into the page. */
  function adopt(list, talk) {
    if (list) after[1] = byId("results")?.dataset.version ?? "";
    if (talk) after[2] = byId("thread")?.dataset.version ?? "";
  }

  const cursor = () => `after=${encodeURIComponent(after.join("."))}`;

  function take(name, data, id) {
    heard = Date.now();
    if (id) after = id.split(".");
    if (name === "end") signedOut();
    else if (name !== "beat") {
      document.dispatchEvent(new CustomEvent(`chefu:${name}`, { detail: data }));
    }
  }

  function connect() {
    disconnect();
    if (ended) return;
    connectedTo = place();
    source = new EventSource(`${connectedTo}&${cursor()}`);
    heard = Date.now();
    const mine = source;
    for (const name of ["counts", "rows", "thread", "beat", "end"]) {
      mine.addEventListener(name, (event) => {
        // What an older stream still had to say is about another page.
        if (mine === source) take(name, JSON.parse(event.data), event.lastEventId);
      });
    }
    mine.addEventListener("open", () => {
      pause = FIRST_PAUSE;
      heard = Date.now();
      online(true);
    });
    mine.addEventListener("error", () => {
      if (mine !== source) return;
      online(false);
      if (mine.readyState === EventSource.CLOSED) again();
    });
  }

  function disconnect() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  // A browser gives up for good after a refusal; what it was, only a question can tell.
  function again() {
    disconnect();
    poll();
    retry = setTimeout(connect, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  async function poll() {
    if (ended) return;
    const at = place();
    try {
      const answer = await fetch(`${at}&${cursor()}&once=1`, { redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 401) {
        signedOut();
      } else if (answer.ok && at === place() && source?.readyState !== EventSource.OPEN) {
        const { id, events } = await answer.json();
        for (const { event, ...data } of events) take(event, data, id);
      }
    } catch {
      online(false);
    }
  }

  let told = 0;
  function online(yes) {
    clearTimeout(told);
    // Short interruptions are nobody's business.
    if (yes) byId("offline").hidden = true;
    else told = setTimeout(() => (byId("offline").hidden = ended), 4000);
  }

  function signedOut() {
    ended = true;
    disconnect();
    online(true);
    const banner = byId("signed-out");
    const here = window.location.pathname + window.location.search;
    banner.querySelector("a").href = `/console/sign-in?next=${encodeURIComponent(here)}`;
    banner.hidden = false;
  }

  // A browser opens six connections to a server: of the pages that nobody looks at one keeps its
  // stream, for the title and the sound; the others ask now and then.
  function hidden() {
    if (!navigator.locks) return;
    navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
      if (!document.hidden) return undefined;
      if (!lock) {
        disconnect();
        return undefined;
      }
      return new Promise((resolve) => (release = resolve));
    });
  }

  function visible() {
    release?.();
    release = null;
    if (!source) connect();
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? hidden() : visible()));
  window.addEventListener("pagehide", disconnect);
  window.addEventListener("pageshow", (event) => event.persisted && connect());

  setInterval(() => {
    if (source && Date.now() - heard > SILENCE) again();
  }, 10000);
  setInterval(() => {
    if (!source || source.readyState !== EventSource.OPEN) poll();
  }, POLL);

  // Another conversation or another list in the same page: the stream is another one.
  document.addEventListener("htmx:afterSettle", (event) => {
    const swapped = event.detail.target?.id;
    if (!["results", "conversation", "thread"].includes(swapped)) return;
    adopt(swapped === "results", swapped !== "results");
    if (place() !== connectedTo && source) connect();
  });

  adopt(true, true);
  connect();

  // For the files that write what was heard into the page.
  const pending = new Map();

  /** Whether somebody is in the middle of something there: focus, a selection, an open menu. */
  function busy(element) {
    const selection = document.getSelection();
    const selected =
      !selection.isCollapsed &&
      (element.contains(selection.anchorNode) || element.contains(selection.focusNode));
    return selected || element.contains(document.activeElement) ||
      element.querySelector("details[open]") !== null;
  }

  /** Does `change` now, or as soon as nobody is busy with the element of this id any more. */
  function gently(id, change) {
    const element = byId(id);
    if (element && busy(element)) pending.set(id, change);
    else {
      pending.delete(id);
      change();
    }
  }

  function later() {
    setTimeout(() => {
      for (const [id, change] of [...pending]) {
        if (!byId(id)) pending.delete(id);
        else gently(id, change);
      }
    });
  }
  document.addEventListener("selectionchange", later);
  document.addEventListener("focusout", later);
  document.addEventListener("toggle", later, true);

  /** The nodes of a piece of a page. Nothing in it runs. */
  function parsed(html) {
    const found = new DOMParser().parseFromString(html, "text/html");
    return [...found.body.childNodes].map((node) => document.adoptNode(node));
  }

  window.chefu = { gently, parsed };
})();
