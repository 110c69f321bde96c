
// The picture: every operation a tile, coloured by what is asked of it.

const MEASURES = {
  certainty: ["Least certain fact", (operation) => {
    const { least, counts, total } = operation;
    if (least < 0) return ["none", 0];
    const sum = counts.slice(0, least + 1).reduce((a, b) => a + b, 0);
    return [`c${least}`, least === 2 ? 1 : Math.min(1, (sum / total) * (least === 0 ? 8 : 3))];
  }],
  rows: ["Rows read", (operation) => {
    const [claimed, all] = rowsOf(operation);
    if (all === 0) return ["none", 0];
    return claimed === all ? ["c2", 1] : ["c0", Math.min(1, ((all - claimed) / all) * 8)];
  }],
  findings: ["Findings", (operation) => {
    const grave = operation.findings.filter((finding) => finding.severity !== "advice").length;
    if (operation.findings.length === 0) return ["c2", 1];
    return grave > 0 ? ["c0", Math.min(1, grave / 5)] : ["c1", Math.min(1, operation.findings.length / 8)];
  }],
  change: ["Change", (operation) => {
    const worst = worstWire(operation.changes);
    if (worst === null) return ["none", 0];
    return [{ breaking: "c0", risky: "c1" }[worst] ?? "c2", 1];
  }],
};
const LEGENDS = {
  certainty: [["c2", "all certain"], ["c1", "some likely"], ["c0", "some doubtful"], ["deep", "deeper: a larger share"]],
  rows: [["c2", "all rows read"], ["c0", "some rows not read"], ["none", "no tables"], ["deep", "deeper: a larger share"]],
  findings: [["c2", "none"], ["c1", "advice"], ["c0", "warnings"], ["deep", "deeper: more of them"]],
  change: [["none", "unchanged"], ["c2", "safe"], ["c1", "risky"], ["c0", "breaking"]],
};
const WIRES = ["breaking", "risky", "safe", "info"];
// With more operations than that, tiles have no room for names.
const NAMED = 48;
let measure = "certainty";

function worstWire(changes) {
  return WIRES.find((wire) => changes.some((change) => change.wire === wire)) ?? null;
}

function overview(chosen) {
  // The service of the address goes with the address; one that was chosen stays.
  if (chosen || filter.led) filter.service = chosen ?? "";
  filter.led = chosen !== null;
  const body = el("div", { class: "picture" });
  const draw = () => {
    const services = data.services.filter((service) => filter.service === "" || service.name === filter.service);
    const operations = data.operations.filter(passes);
    const named = operations.length <= NAMED;
    const sections = services.map((service) => serviceSection(service, operations, named));
    body.replaceChildren(
      el("div", { class: "controls" },
        filterForm(() => { draw(); say(`${counted(data.operations.filter(passes).length, "operation")} shown`); },
          { certainty: true, kind: true, operations: true }),
        measures(draw)),
      legend(),
      sections.length > 0 && operations.length > 0 ? el("div", {}, sections)
        : el("p", { class: "nothing" }, "No operation passes the filter."));
    rove(body.querySelectorAll("a.tile"));
  };
  draw();
  return el("div", { class: "view" }, summary(), staleNote(), body, firstLook());
}

function measures(draw) {
  const names = Object.keys(MEASURES).filter((name) => name !== "change" || data.change);
  return el("fieldset", { class: "measures" }, el("legend", {}, "Coloured by"),
    names.map((name) => el("label", {},
      el("input", { type: "radio", name: "measure", value: name, checked: name === measure, onchange: () => {
        measure = name;
        draw();
        document.querySelector(`input[name=measure][value=${name}]`)?.focus();
      } }),
      el("span", {}, MEASURES[name][0]))));
}

function legend() {
  return el("ul", { class: "legend" }, LEGENDS[measure].map(([kind, text]) => (
    el("li", {}, el("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), text))));
}

function serviceSection(service, operations, named) {
  const own = operations.filter((operation) => operation.service === service);
  const total = service.counts.reduce((a, b) => a + b, 0);
  const [claimed, all] = service.rows;
  const tiles = own.map((operation) => el("li", {}, tile(operation, named)));
  const missed = all - claimed;
  return el("section", { class: "service", "aria-labelledby": `service-${service.at}` },
    el("div", { class: "service-head" },
      el("h2", { id: `service-${service.at}` }, el("a", { href: `#${encodeURIComponent(service.name)}` }, service.name)),
      el("p", { class: "soft" }, [service.title, service.api_version, service.protocol].filter(Boolean).join(" · ")),
      el("dl", { class: "measured" },
        el("div", {}, el("dt", {}, "Facts"), el("dd", {}, certaintyBar(service.counts, total),
          el("span", {}, `${percent(service.counts[2], total)} certain`))),
        el("div", {}, el("dt", {}, "Rows"), el("dd", {}, rowsBar(service.rows),
          missed > 0 ? el("a", { href: "#/unclaimed" }, `${missed} of ${all} not read`)
            : el("span", {}, all > 0 ? `all ${all} read` : "no tables"))))),
    own.length > 0 && el("ul", { class: named ? "tiles named" : "tiles" }, tiles));
}

function tile(operation, named) {
  const [kind, depth] = MEASURES[measure][1](operation);
  const text = tileText(operation);
  const node = el("a", {
    class: `tile ${kind}`, href: link(operation), "aria-label": `${operation.title}: ${text}`,
    onmouseenter: () => tip(node, operation.title, text), onmouseleave: () => tip(null),
    onfocus: () => tip(node, operation.title, text), onblur: () => tip(null),
  },
  named && el("span", { class: "tile-name" }, operation.title),
  named && el("span", { class: "tile-note" }, certaintyBar(operation.counts, operation.total)),
  operation.changes.length > 0 && el("span", { class: "changed", "aria-hidden": "true" }));
  node.style.setProperty("--depth", depth.toFixed(2));
  return node;
}

function tileText(operation) {
  const { counts, total, findings, changes } = operation;
  const rows = rowsOf(operation);
  return [
    `${counted(total, "fact")}${counts[0] > 0 ? `, ${counts[0]} doubtful` : ""}${counts[1] > 0 ? `, ${counts[1]} likely` : ""}`,
    rows[1] > 0 && (rows[0] < rows[1] ? `${rows[1] - rows[0]} of ${rows[1]} rows not read` : `all ${rows[1]} rows read`),
    findings.length > 0 && counted(findings.length, "finding"),
    changes.length > 0 && counted(changes.length, "change"),
  ].filter(Boolean).join("; ");
}

let tipNode = null;

function tip(at, title, text) {
  tipNode?.remove();
  tipNode = null;
  if (!at) return;
  tipNode = el("div", { class: "tip", "aria-hidden": "true" }, el("strong", {}, title), text);
  document.getElementById("main").append(tipNode);
  const box = at.getBoundingClientRect();
  const width = tipNode.offsetWidth;
  const left = Math.min(Math.max(8, box.left + box.width / 2 - width / 2), document.documentElement.clientWidth - width - 8);
  const above = box.top - tipNode.offsetHeight - 8;
  tipNode.style.left = `${left}px`;
  tipNode.style.top = `${above > 56 ? above : box.bottom + 8}px`;
}

function summary() {
  const counts = [0, 0, 0];
  const rows = [0, 0];
  for (const service of data.services) {
    service.counts.forEach((count, certainty) => { counts[certainty] += count; });
    rows[0] += service.rows[0];
    rows[1] += service.rows[1];
  }
  const total = counts[0] + counts[1] + counts[2];
  const operations = data.operations.filter((operation) => operation.name !== "").length;
  const pages = data.services.reduce((sum, service) => sum + service.pages.filter((page) => page.blocks[1] > 0 && page.operations.size > 0).length, 0);
  const disputed = data.operations.reduce((sum, operation) => sum + operation.contradicted, 0);
  const figure = (number, text, href) => el("div", { class: "figure" },
    el("dt", {}, text), el("dd", {}, href ? el("a", { href }, number) : number));
  return el("div", { class: "summary" },
    el("h1", {}, "What was read, and how surely"),
    el("p", { class: "lead" },
      `${counted(operations, "operation")} of ${counted(data.services.length, "service")}, read from `,
      `${counted(pages, "page")}. Every fact below names the words it came from and the rule that read them.`),
    el("dl", { class: "figures" },
      figure(total.toLocaleString("en"), "facts"),
      figure(percent(counts[2], total), "certain"),
      figure(counts[0].toLocaleString("en"), "doubtful"),
      figure(percent(rows[0], rows[1]), "table rows read", "#/unclaimed"),
      figure(disputed.toLocaleString("en"), "contradictions", "#/contradictions"),
      figure(data.findings.length.toLocaleString("en"), "findings", "#/findings"),
      data.change && figure(data.change.changes.length.toLocaleString("en"), `changes since ${cut(data.change.against, 16)}`, "#/changes")));
}

function staleNote() {
  const stale = data.services.flatMap((service) => Object.entries(service.stale));
  if (stale.length === 0) {
    return el("p", { class: "note good" }, "What is checked in is what these pages give, byte for byte.");
  }
  const words = { missing: "is not there", changed: "is other than the pages give", left: "no page gives it any longer" };
  const none = stale.every(([, how]) => how === "missing");
  return el("details", { class: "note bad" },
    el("summary", {}, none ? `Nothing of this is checked in yet, or no longer: ${counted(stale.length, "file is", "files are")} not there`
      : `${counted(stale.length, "checked-in file is", "checked-in files are")} not what these pages give: `
      + "run docsdk build, then look again"),
    el("ul", {}, stale.map(([file, how]) => el("li", {}, code(file), ` ${words[how]}`))));
}

function firstLook() {
  const worst = data.findings.filter((finding) => finding.owners.length > 0).slice(0, 6);
  if (worst.length === 0) return null;
  return el("section", { class: "first", "aria-labelledby": "first-title" },
    el("h2", { id: "first-title" }, "Look here first"),
    el("ol", { class: "cards" }, worst.map((finding) => findingCard(finding))),
    el("p", {}, el("a", { href: "#/findings" }, `All ${counted(data.findings.length, "finding")}`)));
}
