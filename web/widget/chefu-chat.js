/*
 * Chefu chat: the one script a host page includes, see README.md. It loads the modules beside it
 * and puts a <chefu-chat> element at the end of the page unless the page has one already.
 *
 * This file is a classic script on purpose: a plain tag works, and document.currentScript tells
 * where the modules are, whatever origin the page itself has.
 */
(() => {
  const script =
    document.currentScript || document.querySelector('script[src*="chefu-chat.js"]');
  const base = script ? script.src : document.baseURI;

  const place = () => {
    if (document.querySelector("chefu-chat")) return;
    const element = document.createElement("chefu-chat");
    for (const name of ["api", "locale", "title"]) {
      const value = script && script.dataset[name];
      if (value) element.setAttribute(name, value);
    }
    document.body.append(element);
  };

  import(new URL("./element.js", base).href).then(
    () => {
      if (document.readyState === "loading") {
        document.addEventListener("DOMContentLoaded", place, { once: true });
      } else {
        place();
      }
    },
    (error) => console.error("Chefu chat could not be loaded", error),
  );
})();
