// What the pages do beyond plain links and forms; all of them work without this file.
(() => {
  "use strict";

  // Filters that are not set stay out of the address, so that it can be read and shared.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") return;
    for (const [name, value] of [...event.detail.parameters.entries()]) {
      if (value === "") event.detail.parameters.delete(name);
    }
  });

  // Another page of the list starts at its top; a filter leaves the reader where they type.
  document.addEventListener("htmx:afterSwap", (event) => {
    const source = event.detail.requestConfig?.elt;
    if (source?.closest(".c-pages")) {
      document.getElementById("results")?.scrollIntoView({ block: "start" });
    }
  });

  // A refusal or a lost connection shows by itself after a full load of the same address.
  // Not where somebody writes: what they wrote would be gone.
  document.addEventListener("htmx:responseError", (event) => {
    const writing = document.getElementById("composer");
    if (event.detail.xhr.status !== 401 && !writing) window.location.reload();
  });

  // A conversation asks for news only while it can be seen, and not under a selection.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.target.matches("[data-live]")) return;
    const selection = document.getSelection();
    const selecting = !selection.isCollapsed && event.target.contains(selection.anchorNode);
    if (document.hidden || selecting) event.preventDefault();
  });

  // A reply that was sent leaves the field, unless more was typed meanwhile; one that was not
  // stays, with the reason.
  document.addEventListener("htmx:afterRequest", (event) => {
    const composer = document.getElementById("composer");
    if (!composer || event.target.matches("[data-live]")) return;
    const { status } = event.detail.xhr;
    composer.querySelector("[data-failed]").hidden = [200, 409, 422].includes(status);
    if (event.target !== composer) return;
    const field = composer.elements.text;
    const sent = event.detail.requestConfig.formData.get("text");
    if (status === 200 && field.value === sent) field.value = "";
    field.focus({ preventScroll: true });
    if (status === 200) toTheEnd();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    if (event.target.id === "reply-text") event.target.form.requestSubmit();
  });

  function toTheEnd() {
    const last = document.querySelector(".c-thread > :last-child");
    last?.scrollIntoView({ block: "center" });
  }

  // On a phone the page itself scrolls: it opens where the talk stands.
  const scroller = document.querySelector(".c-scroll");
  if (scroller && !window.location.hash && getComputedStyle(scroller).overflowY === "visible") {
    toTheEnd();
  }

  // The account menu closes as menus do.
  const menu = document.querySelector(".c-account");
  document.addEventListener("click", (event) => {
    if (menu && !menu.contains(event.target)) menu.removeAttribute("open");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu?.open) {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    }
    // "/" goes to the search field, as in other inboxes.
    const typing = event.target.closest?.("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      const search = document.getElementById("q");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });

  // A new token is copied by one press.
  document.addEventListener("click", (event) => {
    const field = event.target.closest?.(".c-secret");
    if (field) field.select();
  });
})();
