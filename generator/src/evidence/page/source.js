
// The pages of an operation, line by line as their sources have them.

// Runs of lines without a fact are folded where they are longer than that.
const FOLDED = 12;
const AROUND = 3;
// Words of facts that say what a thing is, not what it is called; only these are read as running text.
const RUNNING = /(^|\.)(description|summary|message|request|response)$/;

function sourcePane(operation, facts) {
  const { service } = operation;
  const words = new Map();
  const losers = new Map();
  const numbers = new Set();
  for (const fact of facts) for (const { page } of [fact, ...fact.losers]) numbers.add(page);
  for (const finding of operation.findings) for (const [page, range] of finding.places) if (range) numbers.add(page);
  const pages = [...numbers].sort((a, b) => a - b).filter((number) => service.pages[number].lines.length > 0);
  const sections = pages.map((number) => pageSection(operation, number, facts, { words, losers }));
  const pane = el("section", { class: "pane source", tabindex: "0", "aria-labelledby": "source-title" },
    el("h2", { id: "source-title", class: "unseen" }, pages.length === 1 ? "The page" : "The pages"),
    sections.length > 0 ? sections : el("p", { class: "nothing" }, "No page has words of this operation."));
  return { pane, words, losers };
}

function pageSection(operation, number, facts, found) {
  const page = operation.service.pages[number];
  const marks = marksOf(number, facts);
  const missed = missedLines(operation, number);
  const kept = new Set();
  for (const line of [...marks.keys(), ...missed.keys()]) {
    for (let near = line - AROUND; near <= line + AROUND; near += 1) kept.add(near);
  }
  const body = el("div", { class: "lines" });
  let folded = [];
  const flush = (last) => {
    if (folded.length > FOLDED) body.append(fold(page, folded));
    else body.append(...folded.map((line) => plainLine(page, line)));
    folded = [];
    return last;
  };
  for (let line = 1; line <= page.lines.length; line += 1) {
    if (!kept.has(line)) { folded.push(line); continue; }
    flush();
    body.append(lineElement(page, line, marks.get(line) ?? [], missed.get(line), facts, found));
  }
  flush();
  const [claimed, all] = page.rows;
  return el("section", { class: "document", "data-page": number, "aria-label": page.file },
    el("h3", { title: page.file }, page.name,
      el("span", { class: "soft" }, all > 0 ? ` ${claimed} of ${all} rows read` : "")),
    body);
}

// The words of each line that facts or what was said against them came from.
function marksOf(number, facts) {
  const marks = new Map();
  const add = ([first, from, last, to], mark) => {
    for (let line = first; line <= last; line += 1) {
      if (!marks.has(line)) marks.set(line, []);
      marks.get(line).push({ from: line === first ? from : 0, to: line === last ? to : Infinity, ...mark });
    }
  };
  for (const fact of facts) {
    const [first, from, last, to] = fact.range;
    const size = (last - first) * 1000 + (to - from);
    if (fact.page === number && !isNowhere(fact.range)) add(fact.range, { at: fact.at, lost: false, size });
    for (const loser of fact.losers) {
      if (loser.page === number && !isNowhere(loser.range)) add(loser.range, { at: fact.at, lost: true, size });
    }
  }
  return marks;
}

// The lines that no rule read, with what is said of them.
function missedLines(operation, number) {
  const missed = new Map();
  for (const finding of operation.findings.filter((it) => UNCLAIMED.has(it.class))) {
    for (const [page, range] of finding.places.slice(0, 1)) {
      if (page !== number || !range) continue;
      for (let line = range[0]; line <= range[2]; line += 1) missed.set(line, line === range[0] ? finding.message : "");
    }
  }
  return missed;
}

function plainLine(page, number) {
  return el("div", { class: "line", "data-line": number }, el("span", { class: "no", "aria-hidden": "true" }, number),
    el("span", { class: "text" }, untold(page, lineOf(page, number))));
}

function fold(page, lines) {
  const button = el("button", { type: "button", class: "fold" }, `${lines.length} lines that no fact came from`);
  button.addEventListener("click", () => {
    const opened = lines.map((line) => plainLine(page, line));
    button.replaceWith(...opened);
  });
  button.dataset.from = lines[0];
  button.dataset.to = lines[lines.length - 1];
  return button;
}

// Text that no fact came from; tags of markup step back.
function untold(page, text) {
  if (!page.markup) return [text];
  return text.split(/(<[^>]*>)/).filter(Boolean).map((part) => (
    part.startsWith("<") ? el("span", { class: "tag" }, part) : part));
}

function lineElement(page, number, marks, missed, facts, found) {
  const text = lineOf(page, number);
  const parts = [];
  for (const [from, to, here] of pieces(marks, text.length)) {
    const piece = text.slice(from, to);
    // Blanks are no words, whatever they lie between.
    if (here.length === 0 || piece.trim() === "") { parts.push(...untold(page, piece)); continue; }
    parts.push(wordsElement(piece, here, facts, found));
  }
  const line = el("div", { class: missed === undefined ? "line" : "line missed", "data-line": number },
    el("span", { class: "no", "aria-hidden": "true" }, number), el("span", { class: "text" }, parts));
  if (missed) line.append(el("span", { class: "miss" }, sentence(missed)));
  return line;
}

function wordsElement(piece, here, facts, found) {
  const inner = here.filter((mark) => !mark.lost).reduce((a, b) => (a && a.size <= b.size ? a : b), null);
  const certainty = inner ? Math.min(...here.filter((it) => it.size === inner.size).map((it) => facts[it.at].certainty)) : 0;
  const kind = inner && RUNNING.test(facts[inner.at].path) ? "running" : "";
  const lost = here.some((mark) => mark.lost) ? "lost" : "";
  const node = el("span", {
    class: `w c${certainty} ${kind} ${lost}`.trim(), role: "button", tabindex: "-1",
    "data-facts": [...new Set(here.sort((a, b) => a.size - b.size).map((mark) => mark.at))].join(" "),
  }, piece);
  for (const mark of here) {
    const into = mark.lost ? found.losers : found.words;
    if (!into.has(mark.at)) into.set(mark.at, []);
    into.get(mark.at).push(node);
  }
  return node;
}

// A line cut where marks begin and end, each piece with the marks over it.
function pieces(marks, length) {
  const starts = marks.map((mark) => ({ ...mark, to: Math.min(mark.to, length) }))
    .filter((mark) => mark.from < mark.to).sort((a, b) => a.from - b.from);
  const cuts = [...new Set([0, length, ...starts.flatMap((mark) => [mark.from, mark.to])])].sort((a, b) => a - b);
  const result = [];
  let open = [];
  let next = 0;
  for (let at = 0; at + 1 < cuts.length; at += 1) {
    const [from, to] = [cuts[at], cuts[at + 1]];
    open = open.filter((mark) => mark.to > from);
    while (next < starts.length && starts[next].from <= from) {
      open.push(starts[next]);
      next += 1;
    }
    result.push([from, to, [...open]]);
  }
  return result;
}
