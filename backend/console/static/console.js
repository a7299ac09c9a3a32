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
    // Ctrl-K and "/" go to the search field, as in other inboxes.
    const command = event.ctrlKey || event.metaKey;
    const typing = event.target.closest?.("input, textarea, select");
    const wanted = command ? event.key.toLowerCase() === "k" : event.key === "/" && !typing;
    if (wanted && document.body.dataset.staff && !event.isComposing) {
      event.preventDefault();
      toSearch();
    }
  });

  function toSearch() {
    const search = document.getElementById("q");
    if (search?.offsetParent) {
      search.focus();
      search.select();
    } else {
      window.location.assign("/console/conversations#q");
    }
  }
  if (window.location.hash === "#q") document.getElementById("q")?.focus();

  // What was done is told once: not again when the page is loaded anew or kept.
  const address = new URL(window.location.href);
  if (address.searchParams.has("said")) {
    address.searchParams.delete("said");
    window.history.replaceState(window.history.state, "", address);
    // It stays in sight while the page jumps to the form, then moves along with the page.
    const said = document.querySelector(".c-said");
    window.setTimeout(() => said?.classList.add("c-told"), 6000);
  }

  // A new token is copied by one press.
  document.addEventListener("click", (event) => {
    const field = event.target.closest?.(".c-secret");
    if (field) field.select();
  });

  // Whoever leaves takes their drafts along: the next one at this machine must not find them.
  document.getElementById("sign-out")?.addEventListener("submit", () => {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith("draft:")) sessionStorage.removeItem(key);
    }
  });
})();
