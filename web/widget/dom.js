/** Building blocks of the page. Text only ever becomes a text node: nothing here parses HTML. */

/**
 * An element. Of its properties `on…` are listeners, the rest attributes; false, null and undefined
 * are left out, true is an empty attribute. Children that are not there are left out too.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child || child === ""));
  return element;
}

export function button(title, onclick, properties = {}) {
  return h("button", { type: "button", onclick, ...properties }, title);
}

const SHAPES = {
  chat: ["M4 5.5h16v11H11l-4.5 3.5V16.5H4z", "M8 9.5h8M8 12.8h5"],
  close: ["M6 6l12 12M18 6L6 18"],
  send: ["M4 12l16-7.5-5.2 15-3.3-6z", "M11.5 13.5L20 4.5"],
  down: ["M12 5v14M6 13l6 6 6-6"],
  more: ["M12 5.5h.01M12 12h.01M12 18.5h.01"],
  picture: ["M4 5h16v14H4z", "M4 16l4.5-4.5 4 4 3-3L20 17", "M15.5 9h.01"],
  star: ["M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.7l5.8-.8z"],
  car: [
    "M3.5 16.5v-3.2l2-1.1 1.9-4.2c.3-.6.9-1 1.6-1h6c.7 0 1.3.4 1.6 1l1.9 4.2 2 1.1v3.2z",
    "M5.8 12h12.4M7 16.5v1.8M17 16.5v1.8M7 14.3h1.4M15.6 14.3H17",
  ],
  person: ["M12 12.2a3.6 3.6 0 100-7.2 3.6 3.6 0 000 7.2z", "M5 19.5c.6-3.3 3.4-5 7-5s6.4 1.7 7 5"],
};

/** A line icon that screen readers pass over. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const shape of SHAPES[name]) {
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", shape);
    svg.append(path);
  }
  return svg;
}

// A web address ends at white space, quotes, brackets and anything Chinese; a telephone number is
// written as tel:… or is a Chinese service hotline (400-… or 800-…), which must be one tap away.
const LINK =
  /https?:\/\/[^\s<>"'\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+|tel:\+?[\d-]{3,20}|(?<![\d-])[48]00-\d{3}-?\d{4}(?![\d-])/gi;

/** Text as nodes, with anchors for web addresses and telephone numbers. */
export function linked(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = match[0].replace(/[.,;:!?)\]]+$/, "");
    nodes.push(text.slice(end, match.index), anchor(shown));
    end = match.index + shown.length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function anchor(shown) {
  if (!/^https?:/i.test(shown)) {
    const number = shown.replace(/^tel:/i, "");
    return h("a", { href: `tel:${number.replace(/-/g, "")}` }, number);
  }
  let isSameSite = false;
  try {
    isSameSite = new URL(shown).origin === location.origin;
  } catch {
    return shown;
  }
  // A page of the same site opens in place, where the chat goes on; others must not replace it.
  const target = isSameSite ? null : "_blank";
  return h("a", { href: shown, target, rel: "noopener noreferrer" }, shown);
}

/** The language of a text, so that it is read out and set in the right one. */
export function langOf(text) {
  return /[\u3400-\u9fff]/.test(text) ? "zh-CN" : "en";
}
