// The open conversation: what is new joins it, the reader stays where they read, and what they
// have seen counts as read.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  // Milliseconds that a new message is before somebody's eyes, to be read.
  const READING = 700;
  // Pixels from the end that still count as being there.
  const NEAR = 48;

  let shown = null;
  let read = 0;
  let reported = 0;
  let timer = 0;

  const numbers = (selector) =>
    [...document.querySelectorAll(selector)].map((item) => Number(item.dataset.seq));
  const last = (selector) => Math.max(0, ...numbers(selector));

  // The talk is laid out from its end upwards, so its scroll position counts from there, below 0.
  const atTheEnd = () => byId("scroll").scrollTop > -NEAR;
  const toTheEnd = () => (byId("scroll").scrollTop = 0);

  /** Another conversation is in the page. */
  function open() {
    const thread = byId("thread");
    if (!thread || shown === byId("conversation")) return;
    shown = byId("conversation");
    read = Number(thread.dataset.last);
    reported = Number(thread.dataset.seen);
    byId("scroll").addEventListener("scroll", follow, { passive: true });
    const named = byId(window.location.hash.slice(1));
    if (named && byId("items").contains(named)) named.scrollIntoView({ block: "center" });
    else toTheEnd();
    report();
  }

  function follow() {
    const end = atTheEnd();
    if (end) byId("to-the-end").hidden = true;
    clearTimeout(timer);
    if (!end || document.hidden) return;
    timer = setTimeout(() => {
      if (document.hidden || !byId("thread")) return;
      read = Math.max(read, last("#items > [data-seq]"));
      report();
    }, READING);
  }

  /** Tells the server what has been read, once, if there was anything of the customer's in it. */
  function report() {
    const thread = byId("thread");
    if (document.hidden || !thread || thread.dataset.before) return;
    if (last("#items > .customer") <= reported || read <= reported) return;
    reported = read;
    const { id } = byId("conversation").dataset;
    fetch(`/console/conversations/${id}/seen`, {
      method: "POST",
      headers: { "HX-Request": "true" },
      body: new URLSearchParams({ csrf: document.body.dataset.csrf, seen: String(read) }),
    }).catch(() => (reported = 0));
  }

  document.addEventListener("chefu:thread", ({ detail }) => {
    const items = byId("items");
    if (!items) return;
    const end = atTheEnd();
    const anchor = end ? undefined : firstInSight();
    const before = anchor?.getBoundingClientRect().top;
    const known = last("#items > .customer");
    for (const { id, html } of detail.items) put(items, detail.order, id, html);
    for (const { id, html } of detail.parts) {
      window.chefu.gently(id, () => {
        byId(id)?.replaceChildren(...window.chefu.parsed(html));
        if (byId(id)) window.htmx.process(byId(id));
      });
    }
    document.querySelector("#thread > .c-empty")?.remove();
    if (end) toTheEnd();
    else if (anchor?.isConnected) {
      byId("scroll").scrollTop += anchor.getBoundingClientRect().top - before;
    }
    if (last("#items > .customer") > known) {
      byId("news").textContent = byId("news").dataset.words;
      byId("to-the-end").hidden = end;
    }
    follow();
  });

  function firstInSight() {
    const top = byId("scroll").getBoundingClientRect().top;
    return [...byId("items").children].find((item) => item.getBoundingClientRect().bottom > top);
  }

  /** In the place of the same item, or behind the one that comes before it. */
  function put(items, order, id, html) {
    const [fresh] = window.chefu.parsed(html.trim());
    const old = byId(id);
    if (old?.isEqualNode(fresh)) return;
    if (old) {
      window.chefu.gently(id, () => byId(id)?.replaceWith(fresh));
      return;
    }
    const earlier = order.slice(0, order.indexOf(id)).reverse().map(byId).find(Boolean);
    if (earlier) earlier.after(fresh);
    else items.append(fresh);
  }

  document.addEventListener("visibilitychange", () => {
    if (!byId("thread")) return;
    report();
    follow();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#to-the-end")) {
      toTheEnd();
      byId("to-the-end").hidden = true;
    }
  });

  // Leaving a conversation says up to where it was read: not merely what has arrived.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb === "post" && event.target.closest?.("#status")) {
      event.detail.parameters.set("seen", String(read));
    }
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const { target } = event.detail;
    open();
    if (target?.id === "thread") {
      read = Math.max(read, Number(byId("thread").dataset.last));
      reported = Math.max(reported, Number(byId("thread").dataset.seen));
      report();
    }
    // The day at the seam of an earlier part stands in both.
    const days = new Set();
    for (const day of document.querySelectorAll("#items > .c-day")) {
      if (days.has(day.id)) day.remove();
      days.add(day.id);
    }
  });

  // The menu for assigning closes as menus do.
  document.addEventListener("click", (event) => {
    const menu = byId("assign");
    if (menu?.open && !menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const menu = byId("assign");
    if (event.key !== "Escape" || !menu?.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
  });

  open();
})();
