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
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status !== 401) window.location.reload();
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
