
// The spec of an operation, each value beside what the page says of it.

class Sheet {
  constructor(operation, facts) {
    this.operation = operation;
    this.facts = facts;
    this.byPath = new Map();
    for (const fact of facts) {
      if (!this.byPath.has(fact.path)) this.byPath.set(fact.path, []);
      this.byPath.get(fact.path).push(fact);
    }
    this.used = new Set();
    this.changed = new Map();
    for (const change of operation.changes) {
      if (!this.changed.has(change.path)) this.changed.set(change.path, []);
      this.changed.get(change.path).push(change);
    }
  }

  // The fact at a path. A code that is documented twice has facts for each, in the order of the spec.
  factAt(path) {
    const facts = this.byPath.get(path);
    return facts?.find((fact) => !this.used.has(fact.at)) ?? facts?.at(-1);
  }

  // A value with its fact: the first of some paths that has one.
  value(paths, content, kind = "") {
    const fact = [paths].flat().map((path) => this.factAt(path)).find(Boolean);
    if (!fact) return el("span", { class: `unsourced ${kind}`, title: "no words of a page, no entry of the overlay" }, content);
    this.used.add(fact.at);
    if (fact.path.startsWith("errors.")) fact.said = content;
    const notes = [
      fact.certainty < 2 && CERTAINTIES[fact.certainty],
      fact.losers.length > 0 && "contradicted",
      fact.rule === "overlay" && "by overlay",
    ].filter(Boolean);
    return el("span", {
      class: `fact c${fact.certainty} ${kind} ${fact.losers.length > 0 ? "disputed" : ""} ${fact.rule === "overlay" ? "overlaid" : ""}`,
      role: "button", tabindex: "-1", "data-fact": fact.at,
    }, content, notes.length > 0 && el("span", { class: "unseen" }, ` (${notes.join(", ")})`));
  }

  section(title, ...content) {
    return el("section", { class: "part" }, el("h2", {}, title), content);
  }

  parts() {
    const { spec } = this.operation;
    const known = ["operation", "summary", "description", "deprecated", "http", "request", "responses", "errors", "permissions", "examples", "history"];
    return [
      this.head(spec),
      spec.request?.length > 0 && this.section("Request", this.fields(spec.request, "request", true)),
      (spec.responses ?? []).map((response) => this.section(
        ["Answer ", this.byPath.has(`responses.${response.status}.status`)
          ? this.value(`responses.${response.status}.status`, response.status) : response.status],
        response.description && el("p", {}, this.value(`responses.${response.status}.description`, response.description, "prose")),
        this.fields(response.fields ?? [], `responses.${response.status}`, false))),
      spec.errors?.length > 0 && this.section("Error codes", this.errors(spec.errors)),
      spec.permissions?.length > 0 && this.section("Permissions", this.entries(spec.permissions, "permissions")),
      spec.examples?.length > 0 && this.section("Samples", this.entries(spec.examples, "examples")),
      spec.history?.length > 0 && this.section("History", this.entries(spec.history, "history")),
      Object.keys(spec).filter((key) => !known.includes(key)).map((key) => this.section(key, this.entries([].concat(spec[key]), key))),
      this.rest(),
    ];
  }

  head(spec) {
    const line = (label, content) => content && el("div", {}, el("dt", {}, label), el("dd", {}, content));
    if (!this.operation.name) return null;
    return this.section("Operation", el("dl", { class: "head" },
      line("Name", this.value("operation", spec.operation, "name")),
      line("Call", spec.http && [this.value("http.method", spec.http.method, "name"), " ", this.value("http.path", spec.http.path, "name")]),
      line("Summary", spec.summary && this.value("summary", spec.summary, "prose")),
      line("Description", spec.description && this.value("description", spec.description, "prose")),
      line("Deprecated", spec.deprecated && this.value("deprecated", "yes"))));
  }

  fields(fields, path, located) {
    const rows = [];
    const walk = (list, owner, depth) => {
      for (const field of list) {
        const own = `${owner}.${field.name}`;
        rows.push(this.field(field, own, depth, located));
        this.below(field, own, (below, at) => walk(below, at, depth + 1));
      }
    };
    walk(fields, path, 0);
    const heads = ["Name", "Type", "Required", located && "In", "What the page says"].filter(Boolean);
    return rows.length > 0 ? table(`fields ${located ? "located" : ""}`, "Fields", heads, rows) : el("p", { class: "soft" }, "no fields");
  }

  // The fields below one: its own, or those of its items.
  below(field, path, visit) {
    let [node, at] = [field, path];
    while (node) {
      if (node.fields?.length > 0) visit(node.fields, at);
      at += node.type === "map" ? "{}" : "[]";
      node = node.items;
    }
  }

  field(field, path, depth, located) {
    const name = el("span", { class: "depth" }, this.value([`${path}.name`, path], field.name, "name"));
    name.style.setProperty("--level", Math.min(depth, 8));
    const must = { true: "yes", false: "no", unknown: "not said" }[String(field.required)];
    return row({ class: this.isChanged(path) ? "changed-row" : null }, name, [
      this.type(field, path),
      must === undefined ? el("span", { class: "soft" }, "–") : this.value(`${path}.required`, must, must === "yes" ? "must" : ""),
      ...(located ? [field.in ? this.value(`${path}.in`, field.in) : ""] : []),
      this.says(field, path),
    ]);
  }

  isChanged(path) {
    return [...this.changed.keys()].some((it) => it === path || (it.startsWith(`${path}.`) && !it.slice(path.length + 1).includes(".")));
  }

  type(field, path) {
    const parts = [];
    let [node, at] = [field, path];
    while (node) {
      if (parts.length > 0) parts.push(" of ");
      parts.push(this.value(`${at}.type`, node.type));
      if (node.format) parts.push(" ", this.value(`${at}.format`, node.format));
      at += node.type === "map" ? "{}" : "[]";
      node = node.items;
    }
    return el("span", {}, parts);
  }

  says(field, path) {
    const said = [];
    const note = (label, content) => said.push(el("span", { class: "said" }, el("span", { class: "label" }, label), " ", content));
    if (field.deprecated) note("deprecated", this.value(`${path}.deprecated`, "yes"));
    for (const key of ["default", "example", "min", "max", "min_length", "max_length", "min_items", "max_items", "pattern", "style", "declared_type"]) {
      if (field[key] !== undefined) note(key.replaceAll("_", " "), this.value(`${path}.${key}`, shown(field[key]), "name"));
    }
    if (field.values?.length > 0) {
      note("values", field.values.map((value) => el("span", { class: "value" },
        this.value([`${path}.values.${value.value}`, `${path}.values.${value.value}.value`], value.value, "name"),
        value.description && [" ", this.value([`${path}.values.${value.value}.description`, `${path}.values.${value.value}`], value.description)])));
    }
    for (const [at, condition] of (field.required_when ?? []).entries()) {
      const own = `${path}.required_when`;
      note("required when", this.value([`${own}.${at}`, `${own}.${condition.parameter}`, own], conditionText(condition), "name"));
    }
    return el("div", {},
      field.description && this.value(`${path}.description`, field.description, "prose"),
      said.length > 0 && el("span", { class: "notes" }, said));
  }

  errors(errors) {
    const rows = errors.map((error) => {
      const at = error.status === undefined ? `errors.${error.code}` : `errors.${error.status}.${error.code}`;
      return row({}, this.value([`${at}.code`, at], error.code, "name"), [
        error.status === undefined ? "" : this.value(`${at}.status`, error.status),
        error.message ? this.value(`${at}.message`, error.message) : "",
        error.description ? this.value(`${at}.description`, error.description) : "",
      ]);
    });
    return shortened(rows, 60, (it) => it, (list) => table("fields errors", "Error codes", ["Code", "Status", "Message", "Description"], list));
  }

  // Entries of any list, key by key.
  entries(list, path) {
    return list.map((entry, at) => {
      if (entry === null || typeof entry !== "object") return el("p", {}, this.value(path, shown(entry)));
      const own = [`${path}.${namesOf(entry, at)[0]}`, `${path}.${at}`];
      return el("dl", { class: "entry" }, Object.entries(entry).filter(([, value]) => value !== null).map(([key, value]) => el("div", {},
        el("dt", {}, key.replaceAll("_", " ")),
        el("dd", {}, this.value([...own.map((it) => `${it}.${key}`), ...own, ...own.flatMap((it) => [`${it}.response`, `${it}.request`])], sample(value), typeof value === "string" && value.includes("\n") ? "sample" : "prose")))));
    });
  }

  // What has a source and no place above: nothing is left out.
  rest() {
    const left = this.facts.filter((fact) => !this.used.has(fact.at));
    if (left.length === 0) return null;
    return this.section("Other facts", shortened(left, 60, (fact) => (
      row({}, this.value(fact.path, fact.path, "name"), [el("span", {}, cut(shown(valueAt(this.operation.spec, fact.path)), 120))])),
    (rows) => table("fields rest", "Other facts", ["Place", "Value"], rows)));
  }
}

function sample(value) {
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.every((it) => typeof it === "string") ? value.join(", ") : JSON.stringify(value);
}

function conditionText({ parameter, ...rest }) {
  const said = Object.entries(rest).map(([key, value]) => `${key.replaceAll("_", " ")} ${sample(value)}`);
  return [parameter, ...said].join(" ");
}

function operationView(operation, place) {
  const facts = factsOf(operation);
  const sheet = new Sheet(operation, facts);
  const source = sourcePane(operation, facts);
  const spec = el("section", { class: "pane spec", "aria-label": "The spec" },
    operationNotes(operation), sheet.parts());
  const dock = el("aside", { class: "dock", tabindex: "0", "aria-label": "The fact pointed at", "aria-live": "polite" });
  const view = el("div", { class: "view operation" }, operationHead(operation), el("div", { class: "bench" }, source.pane, spec), dock);
  light = new Light(operation, facts, source, spec, dock);
  requestAnimationFrame(() => light?.goTo(place));
  return view;
}

function operationHead(operation) {
  const { service, spec, counts, total } = operation;
  const list = data.operations.filter(passes);
  const at = list.indexOf(operation);
  const step = (to, text, key, label) => (to
    ? el("a", { href: link(to), class: "step", "aria-label": `${label}: ${to.title}`, "data-step": key }, text)
    : el("span", { class: "step off", "aria-hidden": "true" }, text));
  const [claimed, all] = rowsOf(operation);
  return el("div", { class: "operation-head" },
    el("div", { class: "title" },
      el("p", { class: "crumb" }, el("a", { href: `#${encodeURIComponent(service.name)}` }, service.name)),
      el("h1", {}, operation.title)),
    el("p", { class: "facts-line" }, spec.http && code(`${spec.http.method} ${spec.http.path}`),
      certaintyBar(counts, total),
      el("span", {}, `${counted(total, "fact")}, ${counts[1]} likely, ${counts[0]} doubtful`),
      all > 0 && el("span", {}, claimed === all ? `all ${all} rows read` : `${all - claimed} of ${all} rows not read`)),
    el("nav", { class: "steps", "aria-label": "Operations" },
      step(at > 0 ? list[at - 1] : null, "‹", "p", "Operation before"),
      step(at >= 0 ? list[at + 1] : null, "›", "n", "Next operation")));
}

function operationNotes(operation) {
  const { findings, changes } = operation;
  const stale = { missing: "No spec of it is checked in: run docsdk build.", changed: "The checked-in spec is other than this: run docsdk build." }[operation.checked_in];
  return el("div", { class: "notes-of" },
    stale && el("p", { class: "note bad" }, stale),
    changes.length > 0 && el("details", { open: true }, el("summary", {}, `${counted(changes.length, "change")} since ${cut(data.change.against, 30)}`), changeTable(changes, false)),
    findings.length > 0 && el("details", { open: findings.length < 3 }, el("summary", {}, counted(findings.length, "finding")),
      shortened(findings, 8, (finding) => findingCard(finding, "operation"), (cards) => el("ol", { class: "cards" }, cards))));
}
