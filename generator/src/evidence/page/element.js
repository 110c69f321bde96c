
// Elements; text is only ever put in as text.

function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child || child === 0).map((child) => (
    typeof child === "number" ? String(child) : child
  )));
  return node;
}

function code(text, kind) {
  return el("code", { class: kind }, text);
}

function badge(certainty) {
  return el("span", { class: `badge c${certainty}` }, CERTAINTIES[certainty]);
}

// A sentence whose names stand between backticks.
function sentence(text) {
  return text.split("`").map((part, at) => (at % 2 === 1 && part !== "" ? code(part) : part));
}

function mark(word) {
  return el("span", { class: `mark ${word}` }, word);
}

// A bar of parts: classes and counts.
function bar(parts, label) {
  const whole = parts.reduce((sum, [, count]) => sum + count, 0);
  const bits = parts.filter(([, count]) => count > 0).map(([kind, count]) => {
    const bit = el("span", { class: kind });
    bit.style.flexGrow = String(count / whole);
    return bit;
  });
  return el("span", { class: "bar", role: "img", "aria-label": label }, bits);
}

function certaintyBar(counts, total) {
  const words = [2, 1, 0].map((certainty) => `${counts[certainty]} ${CERTAINTIES[certainty]}`).join(", ");
  return bar([2, 1, 0].map((certainty) => [`c${certainty}`, counts[certainty]]), `${counted(total, "fact")}: ${words}`);
}

function rowsBar([claimed, all]) {
  const label = `${counted(all, "row")} of the pages’ tables: ${claimed} read, ${all - claimed} not`;
  return bar([["claimed", claimed], ["unclaimed", all - claimed]], label);
}

// A table with a caption for those who hear it.
function table(kind, caption, heads, rows) {
  return el("table", { class: kind, role: "table" },
    el("caption", { class: "unseen" }, caption),
    el("thead", { role: "rowgroup" },
      el("tr", { role: "row" }, heads.map((head) => el("th", { scope: "col", role: "columnheader" }, head)))),
    el("tbody", { role: "rowgroup" }, rows));
}

function row(attributes, head, cells) {
  return el("tr", { role: "row", ...attributes },
    head && el("th", { scope: "row", role: "rowheader", ...(head.attributes ?? {}) }, head.content ?? head),
    cells.map((cell) => el("td", { role: "cell", ...(cell?.attributes ?? {}) }, cell?.content ?? cell)));
}

// The words of a place with what is around them on their first line.
function quote(service, page, range) {
  const source = service.pages[page];
  if (!source || source.lines.length === 0 || isNowhere(range)) return null;
  const [first, from, last, to] = range;
  const line = lineOf(source, first);
  const end = first === last ? to : line.length;
  // Tags are no words; where there is nothing but tags, they are all there is to show.
  const bare = (text) => (source.markup ? text.replace(/<[^>]*>?/g, " ").replace(/^[^<]*>/, "").replace(/\s+/g, " ") : text);
  const before = bare(line.slice(Math.max(0, from - 60), from)).trimStart();
  const words = bare(line.slice(from, end)).trim() || line.slice(from, end);
  return el("span", { class: "quote" },
    el("span", { class: "place" }, `${source.name}:${first}`),
    el("q", {},
      from > 60 && "…", before,
      el("mark", {}, words.length > 200 ? `${words.slice(0, 200)}…` : words),
      first === last ? bare(line.slice(end, end + 60)) : ` … to line ${last}`));
}

// The end of a path: as little of it as tells it from the others.
function shortName(file, others) {
  const parts = file.split("/");
  for (let count = 1; count < parts.length; count += 1) {
    const name = parts.slice(-count).join("/");
    if (!others.some((other) => other !== file && other.endsWith(`/${name}`))) return name;
  }
  return file;
}

// The first of many rows, and a button for the rest.
function shortened(list, most, make, put) {
  const shown = el("div", { class: "shortened" });
  const body = put(list.slice(0, most).map(make));
  shown.append(body);
  if (list.length > most) {
    const more = el("button", { type: "button", class: "more" }, `Show ${list.length - most} more`);
    more.addEventListener("click", () => {
      const rest = list.slice(most).map(make);
      (body.tBodies?.[0] ?? body).append(...rest);
      more.remove();
      rest[0]?.querySelector("a, button")?.focus();
    });
    shown.append(more);
  }
  return shown;
}
