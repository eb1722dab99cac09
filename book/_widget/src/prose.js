// Markdown as exercises use it, to elements: paragraphs, lists, fences, headings, `code`, **strong**
// and *stress*. Everything becomes text nodes, so nothing in it can be markup of the page.

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const SPANS = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

export function inline(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(SPANS)) {
    parts.push(text.slice(end, match.index));
    const [all, code, strong, stress, label, address] = match;
    if (code) parts.push(element("code", {}, code));
    else if (strong) parts.push(element("strong", {}, ...inline(strong)));
    else if (stress) parts.push(element("em", {}, ...inline(stress)));
    else if (/^https?:/.test(address)) parts.push(element("a", { href: address }, label));
    else parts.push(label);
    end = match.index + all.length;
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== "");
}

export function paragraphs(markdown) {
  const made = [];
  let list = null;
  const blocks = markdown.split(/(^```[^\n]*\n[\s\S]*?^```$)/m);
  for (const block of blocks) {
    const fence = block.match(/^```[^\n]*\n([\s\S]*?)\n?```$/);
    if (fence) {
      made.push(element("pre", { tabindex: 0 }, element("code", {}, fence[1])));
      continue;
    }
    for (const text of block.split(/\n\s*\n/)) {
      for (const part of text.trim().split(/\n(?=[-*] |#+ |\d+\. )|(?<=^#[^\n]*)\n/)) {
        const item = part.match(/^(?:[-*]|\d+\.) ([\s\S]*)/);
        const words = (item ? item[1] : part).replace(/\s*\n\s*/g, " ").trim();
        if (!words) continue;
        if (!item) list = null;
        if (item) {
          if (!list) made.push((list = element("ul")));
          list.append(element("li", {}, ...inline(words)));
        } else if (words.startsWith("#")) {
          const heading = words.replace(/^#+\s*/, "");
          made.push(element("p", {}, element("strong", {}, ...inline(heading))));
        } else if (words.startsWith("|")) {
          made.push(table(part));
        } else {
          made.push(element("p", {}, ...inline(words)));
        }
      }
    }
    list = null;
  }
  return made;
}

function table(text) {
  const rows = text
    .trim()
    .split("\n")
    .filter((row) => !/^\|[\s|:-]+\|?$/.test(row))
    .map((row) => row.replace(/^\||\|$/g, "").split("|"));
  const line = (row, cell) =>
    element("tr", {}, ...row.map((words) => element(cell, {}, ...inline(words.trim()))));
  return element("table", {}, ...rows.map((row, place) => line(row, place ? "td" : "th")));
}
