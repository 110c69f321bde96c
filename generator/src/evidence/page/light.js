
// Light: a fact and the words it came from, each lit by the other.

let light = null;

class Light {
  constructor(operation, facts, source, spec, dock) {
    Object.assign(this, { operation, facts, spec, dock, pane: source.pane, words: source.words, losers: source.losers });
    this.places = new Map();
    for (const node of spec.querySelectorAll("[data-fact]")) {
      const at = Number(node.dataset.fact);
      if (!this.places.has(at)) this.places.set(at, []);
      this.places.get(at).push(node);
    }
    this.kept = null;
    this.lit = [];
    this.shown = null;
    this.listen();
    this.home(spec.querySelector("[data-fact]"));
    this.rest();
  }

  listen() {
    const from = (event) => event.target.closest?.("[data-fact], [data-facts]");
    for (const side of [this.spec, this.pane]) {
      // Of the mouse's own moves: words that scroll to where it rests are not pointed at.
      side.addEventListener("mousemove", (event) => { const node = from(event); if (node) this.show(this.factsAt(node), side); });
      side.addEventListener("mouseleave", () => this.rest());
      side.addEventListener("focusin", (event) => { const node = from(event); if (node) this.keep(node, side); });
      side.addEventListener("click", (event) => { const node = from(event); if (node) this.keep(node, side); });
    }
  }

  // The facts of an element, the narrowest first.
  factsAt(node) {
    return (node.dataset.fact ?? node.dataset.facts).split(" ").map(Number);
  }

  keep(node, side) {
    const facts = this.factsAt(node);
    this.kept = facts;
    this.home(node);
    this.show(facts, side);
    history.replaceState(null, "", link(this.operation, this.facts[facts[0]].path));
  }

  // The one element of its side that the tab key stops at.
  home(node) {
    if (!node) return;
    const side = node.closest(".pane");
    if (side === this.spec) this.spec.querySelectorAll("[data-fact][tabindex='0']").forEach((it) => it.setAttribute("tabindex", "-1"));
    if (side === this.spec || !side) node.setAttribute("tabindex", "0");
  }

  rest() {
    if (this.kept) this.show(this.kept, null);
    else this.clear();
  }

  clear() {
    for (const node of this.lit) node.classList.remove("lit", "also", "against");
    this.lit = [];
    this.shown = null;
    this.dock.replaceChildren(el("p", { class: "hint" }, "Point at a fact or at words of the page. ",
      el("kbd", {}, "j"), " and ", el("kbd", {}, "k"), " walk through the facts."));
  }

  show(facts, side) {
    const key = facts.join(" ");
    if (this.shown === key) return;
    this.clear();
    this.shown = key;
    const [first, ...others] = facts;
    const add = (nodes, kind) => { for (const node of nodes ?? []) { node.classList.add(kind); this.lit.push(node); } };
    add(this.places.get(first), "lit");
    add(this.words.get(first), "lit");
    add(this.losers.get(first), "against");
    for (const other of others) add(this.places.get(other), "also");
    if (side !== this.pane) reveal(this.pane, this.words.get(first)?.[0] ?? this.losers.get(first)?.[0]);
    if (side !== this.spec) reveal(this.spec, this.places.get(first)?.[0]);
    this.tell(this.facts[first], others.length);
  }

  tell(fact, others) {
    const { operation } = this;
    const { service } = operation;
    const value = fact.said ?? valueAt(operation.spec, fact.path);
    const said = quote(service, fact.page, fact.range);
    const changes = operation.changes.filter((change) => change.path !== "" && (fact.path === change.path || fact.path.startsWith(`${change.path}.`)));
    const parts = [
      el("div", { class: "dock-fact" },
        el("p", {}, code(fact.path, "path"), value !== undefined && typeof value !== "object" && [" = ", code(cut(shown(value), 80), "dock-value")]),
        el("p", {}, badge(fact.certainty), " by ", code(fact.rule), el("span", { class: "soft" }, ` ${MEANINGS[fact.certainty]}`),
          others > 0 && el("span", { class: "soft" }, `; ${counted(others, "more fact")} of these words`))),
      el("div", { class: "dock-words" }, said ?? el("p", { class: "soft" }, "From no words in particular: the vendor’s convention, or the page as a whole.")),
      fact.losers.length > 0 && el("div", { class: "dock-against" }, fact.losers.map((loser) => el("p", {},
        el("strong", {}, "Not believed: "), code(cut(loser.value, 80)), " by ", code(loser.rule), el("span", { class: "soft" }, ` ${loser.settled}: ${SETTLEMENTS[loser.settled]}`),
        quote(service, loser.page, loser.range)))),
      changes.length > 0 && el("div", { class: "dock-change" }, changes.slice(0, 3).map((change) => el("p", {},
        mark(change.wire), " ", mark(change.rust), ` ${data.change.rules[change.rule][0]}: `,
        change.before !== null && el("del", {}, cut(change.before, 80)), " → ", change.after !== null && el("ins", {}, cut(change.after, 80))))),
    ];
    this.dock.replaceChildren(...parts.filter(Boolean));
  }

  // Leads to a place that a link names: a fact's path, or `~PAGE:LINE`.
  goTo(place) {
    if (!place) return;
    const at = /^~(\d+):(\d+)$/.exec(place);
    if (at) {
      this.goToLine(Number(at[1]), Number(at[2]));
      return;
    }
    const fact = this.facts.find((it) => it.path === place)
      ?? this.facts.find((it) => it.path.startsWith(place) && ".[{".includes(it.path[place.length]));
    if (!fact) {
      say(`no fact at ${place}`);
      return;
    }
    this.kept = [fact.at];
    this.show([fact.at], null);
    this.home(this.places.get(fact.at)?.[0]);
    this.places.get(fact.at)?.[0]?.focus({ preventScroll: true });
  }

  goToLine(page, number) {
    const document = this.pane.querySelector(`[data-page="${page}"]`);
    for (const button of document?.querySelectorAll(".fold") ?? []) {
      if (Number(button.dataset.from) <= number && number <= Number(button.dataset.to)) button.click();
    }
    const line = document?.querySelector(`[data-line="${number}"]`);
    if (!line) return;
    line.classList.add("wanted");
    reveal(this.pane, line);
    this.pane.focus({ preventScroll: true });
  }

  // Steps to another fact, or to other words where those have the focus.
  step(by) {
    const inPane = this.pane.contains(document.activeElement);
    const [side, what] = inPane ? [this.pane, "[data-facts]"] : [this.spec, "[data-fact]"];
    const nodes = [...side.querySelectorAll(what)].filter((node) => node.getClientRects().length > 0);
    const at = nodes.indexOf(document.activeElement);
    const now = at >= 0 ? at + by : nodes.findIndex((node) => this.kept && this.factsAt(node).includes(this.kept[0]));
    const next = nodes[Math.min(Math.max(now, 0), nodes.length - 1)];
    if (!next) return;
    next.focus({ preventScroll: true });
    reveal(side, next);
  }
}

// Scrolls a pane, and nothing around it, so that an element is seen.
function reveal(pane, node) {
  if (!node) return;
  const [outer, inner] = [pane.getBoundingClientRect(), node.getBoundingClientRect()];
  if (inner.top >= outer.top + 48 && inner.bottom <= outer.bottom - 24) return;
  const room = Math.max(60, (outer.height - Math.min(inner.height, outer.height)) / 3);
  pane.scrollTop += inner.top - outer.top - room;
}
