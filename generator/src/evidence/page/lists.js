
// Lists over all operations: findings, what was not read, contradictions, changes.

const SEVERITIES = ["error", "warning", "advice"];

function findingLink(finding) {
  const operation = finding.owners[0];
  if (!operation) return null;
  if (finding.path && finding.operation) return link(operation, finding.path);
  const [page, range] = finding.places[0] ?? [];
  return link(operation, range ? `~${page}:${range[0]}` : null);
}

// A finding; among those of one operation without its name, among those of one class without that.
function findingCard(finding, among) {
  const service = data.services[finding.service];
  const target = findingLink(finding);
  const path = finding.operation && finding.path;
  const title = finding.owners[0]?.title ?? service.name;
  const where = among === "operation" ? path || "the page" : [title, path].filter(Boolean).join(" · ");
  return el("li", { class: "card" },
    el("p", { class: "card-head" },
      mark(finding.severity), " ",
      target ? el("a", { href: target }, where) : el("strong", {}, where),
      finding.owners.length > 1 && el("span", { class: "soft" }, ` and ${finding.owners.length - 1} more`),
      among !== "class" && el("span", { class: "soft" }, ` ${finding.class}`)),
    el("p", {}, sentence(finding.message)),
    finding.places.filter(([, range]) => range).slice(0, 3).map(([page, range, label]) => el("p", { class: "where" },
      quote(service, page, range), label && el("span", { class: "soft" }, sentence(label)))),
    finding.help && el("details", {}, el("summary", {}, "What to do"), el("pre", {}, finding.help)));
}

function listView(title, lead, wanted, draw) {
  const body = el("div", {});
  const form = el("div", { class: "controls" });
  const redraw = (loud) => {
    const { count, noun, content } = draw();
    form.replaceChildren(filterForm(() => {
      const name = document.activeElement?.name;
      redraw(true);
      form.querySelector(`[name="${name}"]`)?.focus();
    }, wanted));
    body.replaceChildren(content ?? el("p", { class: "nothing" }, isFiltered() ? "Nothing passes the filter." : "There are none."));
    if (loud) say(`${counted(count, ...noun)} shown`);
  };
  redraw(false);
  return el("div", { class: "view" }, el("h1", {}, title), el("p", { class: "lead" }, lead), form, body);
}

function findingsView() {
  return listView("Findings", "What a person should look at: the worst class first, with what to do about it.",
    { certainty: true, kind: true }, () => {
      const classes = new Map();
      const found = data.findings.filter(passesFinding);
      for (const finding of found) {
        if (!classes.has(finding.class)) classes.set(finding.class, []);
        classes.get(finding.class).push(finding);
      }
      const worst = (list) => Math.min(...list.map((finding) => SEVERITIES.indexOf(finding.severity)));
      const sorted = [...classes].sort(([, a], [, b]) => worst(a) - worst(b));
      const sections = sorted.map(([name, list]) => el("section", { class: "group" },
        el("h2", {}, name, el("span", { class: "count" }, list.length.toLocaleString("en"))),
        el("p", { class: "soft" }, `${data.classes[name][0]}: ${data.classes[name][1]}.`),
        shortened(list, 12, (finding) => findingCard(finding, "class"), (cards) => el("ol", { class: "cards" }, cards))));
      return { count: found.length, noun: ["finding"], content: sections.length > 0 && el("div", {}, sections) };
    });
}

function unclaimedView() {
  return listView("What was not read", "Rows, tables and samples that no rule claimed. A row here may be a fact that the spec lacks.",
    {}, () => {
      const services = data.services.filter((service) => filter.service === "" || service.name === filter.service);
      const found = data.findings.filter((finding) => UNCLAIMED.has(finding.class) && passesFinding(finding));
      const sections = services.map((service) => unclaimedOf(service, found.filter((it) => it.service === service.at)));
      return { count: found.length, noun: ["place"], content: el("div", {}, sections) };
    });
}

function unclaimedOf(service, found) {
  const [claimed, all] = service.rows;
  const pages = service.pages.filter((page) => page.rows[1] > 0 || found.some((it) => service.pages[it.places[0]?.[0]] === page));
  const body = (finding) => {
    const [page, range] = finding.places[0] ?? [];
    const target = findingLink(finding);
    const label = { "row-unclaimed": "row", "table-unclaimed": "table", "code-unclaimed": "sample" }[finding.class];
    return row({}, el("span", {}, label), [
      target ? el("a", { href: target }, finding.owners[0].title) : el("span", { class: "soft" }, "no operation"),
      range ? quote(service, page, range) : code(service.pages[page]?.file ?? ""),
      el("span", {}, sentence(finding.message)),
    ]);
  };
  return el("section", { class: "group" },
    el("h2", {}, service.name, el("span", { class: "count" }, all > 0 ? `${claimed} of ${all} rows read` : "no tables")),
    rowsBar(service.rows),
    found.length === 0
      ? el("p", { class: "soft" }, `Nothing was left on ${counted(pages.length, "page")} with tables.`)
      : shortened(found, 40, body, (rows) => table("list wide unclaimed-list", `What was not read of ${service.name}`, ["What", "Operation", "Words", "Why"], rows)));
}

function contradictionsView() {
  return listView("Contradictions", "Where two sources tell a fact differently: which was believed, which was not, and by which rule.",
    { certainty: true }, () => {
      const found = [];
      for (const operation of data.operations.filter((it) => it.contradicted > 0)) {
        if (filter.service !== "" && operation.service.name !== filter.service) continue;
        for (const fact of factsOf(operation)) {
          if (fact.losers.length > 0 && fact.certainty <= filter.certainty) found.push([operation, fact]);
        }
      }
      found.sort(([, a], [, b]) => a.certainty - b.certainty);
      const body = ([operation, fact]) => {
        const { service } = operation;
        const value = cut(shown(valueAt(operation.spec, fact.path)), 60);
        return row({}, el("span", {}, el("a", { href: link(operation, fact.path) }, operation.title),
          el("br"), code(fact.path), " ", badge(fact.certainty)), [
          el("span", {}, value && code(value), " ", el("span", { class: "soft" }, fact.rule), quote(service, fact.page, fact.range)),
          fact.losers.map((loser) => el("span", { class: "loser" }, loser.value && code(cut(loser.value, 60)), " ",
            el("span", { class: "soft" }, loser.rule), quote(service, loser.page, loser.range))),
          fact.losers.map((loser) => el("span", {}, loser.settled, el("br"),
            el("span", { class: "soft" }, SETTLEMENTS[loser.settled]))),
        ]);
      };
      const content = found.length > 0 && shortened(found, 60, body, (rows) => (
        table("list wide disputes", "Contradictions", ["Fact", "Believed", "Not believed", "By which rule"], rows)));
      return { count: found.length, noun: ["contradiction"], content };
    });
}

function changeRow(change, withPlace) {
  const rule = data.change.rules[change.rule];
  const place = change.path || change.operation || change.service;
  const said = (text) => (text === null ? el("span", { class: "soft" }, "–") : code(cut(text, 300)));
  return row({ class: `wire-${change.wire}` }, el("span", {},
    withPlace && change.owner && el("span", {}, el("a", { href: link(change.owner, change.path || null) }, change.owner.title), el("br")),
    withPlace && !change.owner && el("span", {}, change.operation || change.service, el("br")),
    code(place), change.from && el("span", { class: "soft" }, " was ", code(change.from))), [
    el("span", {}, rule[0], change.facet && ` (${change.facet})`, el("br"),
      el("span", { class: "soft" }, `${change.rule}: `, sentence(rule[1]), change.alike !== null && `; alike: ${change.alike.toFixed(2)}`),
      change.allowed && el("em", {}, ` allowed: ${change.allowed}`)),
    mark(change.wire), mark(change.rust), said(change.before), said(change.after),
  ]);
}

function changeTable(changes, withPlace) {
  const heads = ["Place", "What", "Wire", "Crate", "Before", "After"];
  return shortened(changes, 80, (change) => changeRow(change, withPlace), (rows) => (
    table("list wide changes", "Changes", heads, rows)));
}

function changesView() {
  const { change } = data;
  if (!change) return el("div", { class: "view" }, el("h1", {}, "Changes"), el("p", { class: "nothing" }, "Nothing was compared: write the report with --against."));
  return listView(`What changed since ${change.against}`,
    change.changes.length === 0 ? "Nothing changed." : `${change.counts}. Version bump: ${change.bump}.`, {}, () => {
      const found = change.changes.filter((it) => filter.service === "" || it.service === filter.service);
      const notes = change.notes.map((note) => el("p", { class: "note bad" }, note));
      return { count: found.length, noun: ["change"], content: found.length > 0 && el("div", {}, notes, changeTable(found, true)) };
    });
}
