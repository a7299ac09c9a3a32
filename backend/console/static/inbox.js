// The list of conversations: it changes under its reader's eyes, but never under their hands.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const list = () => byId("rows");
  if (!byId("list")) return;

  // The list scrolls by itself on a desk, with the page on a phone.
  function scroller() {
    const pane = byId("list");
    return getComputedStyle(pane).overflowY === "auto" ? pane : document.scrollingElement;
  }

  /** The row that has to stay where it is on the screen. */
  function held(rows) {
    const focused = rows.find((row) => row.contains(document.activeElement));
    const pointed = rows.find((row) => row.matches(":hover"));
    if (focused ?? pointed) return focused ?? pointed;
    return scroller().scrollTop > 0
      ? rows.find((row) => row.getBoundingClientRect().bottom > 60)
      : undefined;
  }

  document.addEventListener("chefu:rows", ({ detail }) => {
    const { rows, order, pages } = detail;
    if (!list()) return;
    const anchor = held([...list().children]);
    const before = anchor?.getBoundingClientRect().top;
    for (const { id, html } of rows) {
      if (!byId(id)) list().append(added(id));
      write(id, html);
    }
    if (pages !== undefined) leave(order);
    arrange(order);
    if (anchor?.isConnected) {
      scroller().scrollTop += anchor.getBoundingClientRect().top - before;
    }
    if (pages !== undefined) {
      byId("pages").replaceChildren(...window.chefu.parsed(pages));
      window.htmx.process(byId("pages"));
    }
    mark();
  });

  function added(id) {
    const row = document.createElement("li");
    row.id = id;
    return row;
  }

  function write(id, html) {
    const [fresh] = window.chefu.parsed(html);
    const row = byId(id);
    const link = row.querySelector("a");
    if (!link) {
      row.append(fresh);
      window.htmx.process(row);
      return;
    }
    // The link itself stays: it may have the focus. A selection in it stays too.
    const selection = document.getSelection();
    if (!selection.isCollapsed && row.contains(selection.anchorNode)) return;
    link.className = fresh.className;
    link.replaceChildren(...fresh.childNodes);
  }

  /** Rows of other views go, but not from under the focus. */
  function leave(order) {
    for (const row of [...list().children]) {
      if (!order.includes(row.id) && !row.contains(document.activeElement)) row.remove();
    }
  }

  /** Puts the rows into their order without moving the one that has the focus. */
  function arrange(order) {
    const rows = order.map(byId).filter(Boolean);
    const now = [...list().children].filter((row) => order.includes(row.id));
    if (now.every((row, index) => row === rows[index])) return;
    const still = rows.findIndex((row) => row.contains(document.activeElement));
    rows.forEach((row, index) => {
      if (index < still) rows[still].before(row);
      else if (index > still) list().append(row);
    });
  }

  function mark() {
    const open = byId("conversation")?.dataset.id;
    for (const row of list()?.children ?? []) {
      const current = row.id === `c-${open}`;
      row.classList.toggle("open", current);
      if (current) row.querySelector("a").setAttribute("aria-current", "true");
      else row.querySelector("a").removeAttribute("aria-current");
    }
  }
  document.addEventListener("htmx:afterSettle", mark);
  mark();
  document.querySelector("#rows > .open")?.scrollIntoView({ block: "nearest" });

  function move(step) {
    const links = [...document.querySelectorAll("#rows a")];
    const at = links.indexOf(document.activeElement);
    const open = links.findIndex((link) => link.ariaCurrent === "true");
    const from = at >= 0 ? at : open;
    const next = from < 0 ? links[0] : links[Math.min(Math.max(from + step, 0), links.length - 1)];
    next?.focus();
    return next !== undefined;
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    const typing = target.closest?.("input, textarea, select");
    const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
    const letters = key === "j" || key === "k";
    const inList = target.closest?.("#rows") || (target.id === "q" && key === "ArrowDown");
    if (key in steps && (letters ? !typing : inList) && byId("list").offsetParent) {
      if (move(steps[key])) event.preventDefault();
    } else if (key === "Escape" && !event.defaultPrevented && target.matches?.("#q, #reply-text")) {
      // Out of the field, back to the list.
      target.blur();
      const open = document.querySelector("#rows [aria-current]");
      if (byId("list").offsetParent) (open ?? document.querySelector("#rows a"))?.focus();
    }
  });
})();
