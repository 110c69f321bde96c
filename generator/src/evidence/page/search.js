
// Search: operations, their facts' places, and the pages' words.

const MOST_HITS = 60;
const MOST_PLACES = 4;

function searchView(query) {
  const body = el("div", {});
  const form = el("div", { class: "controls" });
  const draw = () => {
    form.replaceChildren(filterForm(draw, { certainty: true, kind: true, operations: true }));
    const hits = searched(query);
    body.replaceChildren(hits.length === 0 ? el("p", { class: "nothing" }, "Nothing fits. A part of a name will do.")
      : shortened(hits, MOST_HITS, hitItem, (items) => el("ol", { class: "hits" }, items)));
    say(hits.length === 0 ? `nothing fits ${query}` : `${counted(hits.length, "operation fits", "operations fit")} ${query}`);
    heading.replaceChildren(hits.length === 0 ? "Nothing fits " : `${counted(hits.length, "operation")} for `, el("q", {}, query));
  };
  const heading = el("h1", {});
  draw();
  return el("div", { class: "view" }, heading, form, body);
}

// The operations that a query fits, by name first; with the places that it fits.
function searched(query) {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  const lines = new Set();
  for (const [number, line] of data.lines.entries()) if (line.toLowerCase().includes(wanted)) lines.add(number);
  const hits = [];
  for (const operation of data.operations.filter(passes)) {
    const name = operation.title.toLowerCase();
    const named = name === wanted ? 4 : name.startsWith(wanted) ? 3 : name.includes(wanted) ? 2 : 0;
    const places = placesHit(operation, wanted);
    const words = lines.size > 0 ? wordsHit(operation, lines) : [];
    const summed = (operation.spec.summary ?? "").toLowerCase().includes(wanted);
    const rank = named || (summed || places.length > 0 ? 1 : 0);
    if (rank > 0 || words.length > 0) hits.push({ operation, rank, places, words, wanted });
  }
  return hits.sort((a, b) => b.rank - a.rank);
}

// The places of the spec that a query fits: of those below one that it fits, that one.
function placesHit(operation, wanted) {
  const places = new Map();
  for (const fact of factsOf(operation)) {
    const at = fact.path.toLowerCase().indexOf(wanted);
    if (at < 0) continue;
    const ends = fact.path.slice(at + wanted.length).search(/[.[{]/);
    const path = ends < 0 ? fact.path : fact.path.slice(0, at + wanted.length + ends);
    const least = Math.min(fact.certainty, places.get(path)?.certainty ?? 2);
    places.set(path, { path, certainty: least });
  }
  return [...places.values()];
}

function wordsHit(operation, lines) {
  const hits = [];
  for (const [at, page] of operation.service.pages.entries()) {
    if (!page.operations.has(operation) || page.file.endsWith("overlay.yaml")) continue;
    for (const [index, line] of page.lines.entries()) {
      if (lines.has(line)) hits.push([at, index + 1]);
      if (hits.length > MOST_PLACES) return hits;
    }
  }
  return hits;
}

function hitItem({ operation, places, words, wanted }) {
  const { service } = operation;
  const found = (page, number) => {
    const line = lineOf(service.pages[page], number);
    const at = line.toLowerCase().indexOf(wanted);
    return quote(service, page, [number, Math.max(at, 0), number, Math.max(at, 0) + wanted.length]);
  };
  return el("li", {},
    el("p", { class: "card-head" }, el("a", { href: link(operation) }, operation.title),
      el("span", { class: "soft" }, ` ${service.name}`)),
    operation.spec.summary && el("p", { class: "soft" }, cut(operation.spec.summary, 160)),
    el("ul", { class: "places" },
      places.slice(0, MOST_PLACES).map((fact) => el("li", {}, el("a", { href: link(operation, fact.path) }, code(fact.path)),
        " ", fact.certainty < 2 && badge(fact.certainty))),
      places.length > MOST_PLACES && el("li", { class: "soft" }, `and ${places.length - MOST_PLACES} more places in the spec`),
      words.slice(0, MOST_PLACES - 1).map(([page, number]) => el("li", {},
        el("a", { href: link(operation, `~${page}:${number}`) }, found(page, number))))));
}
