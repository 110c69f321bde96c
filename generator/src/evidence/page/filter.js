
// What is shown of all there is; the same in every view.

const filter = { service: "", certainty: 2, kind: "", findings: false, changed: false, led: false };

function passes(operation) {
  return (filter.service === "" || operation.service.name === filter.service)
    && (filter.certainty === 2 || (operation.least >= 0 && operation.least <= filter.certainty))
    && (filter.kind === "" || operation.findings.some((finding) => finding.class === filter.kind))
    && (!filter.findings || operation.findings.length > 0)
    && (!filter.changed || operation.changes.length > 0);
}

function passesFinding(finding) {
  return (filter.service === "" || data.services[finding.service].name === filter.service)
    && (filter.certainty === 2 || (finding.certainty !== null && finding.certainty <= filter.certainty))
    && (filter.kind === "" || finding.class === filter.kind);
}

function isFiltered() {
  return filter.service !== "" || filter.certainty !== 2 || filter.kind !== "" || filter.findings || filter.changed;
}

// The form of the filter; `changed` is called as it changes.
function filterForm(changed, wanted) {
  const choose = (label, key, options, read) => {
    const select = el("select", { name: key, onchange: () => { filter[key] = read(select.value); changed(); } },
      options.map(([value, text]) => el("option", { value }, text)));
    select.value = String(filter[key]);
    return el("label", {}, el("span", {}, label), select);
  };
  const check = (label, key) => {
    const box = el("input", { type: "checkbox", name: key, onchange: () => { filter[key] = box.checked; changed(); } });
    box.checked = filter[key];
    return el("label", { class: "check" }, box, el("span", {}, label));
  };
  const services = data.services.map((service) => [service.name, service.name]);
  const certainties = [["2", "any"], ["1", "likely or less"], ["0", "doubtful"]];
  const classes = Object.keys(data.classes).map((name) => [name, name]);
  const form = el("form", { class: "filter", "aria-label": "Filter" },
    services.length > 1 && choose("Service", "service", [["", "all"], ...services], String),
    wanted.certainty && choose("Certainty", "certainty", certainties, Number),
    wanted.kind && classes.length > 0 && choose("Finding", "kind", [["", "any class"], ...classes], String),
    wanted.operations && check("Findings only", "findings"),
    wanted.operations && data.change && check("Changed only", "changed"),
    el("button", {
      type: "reset", class: "quiet", disabled: !isFiltered(),
      onclick: () => {
        Object.assign(filter, { service: "", certainty: 2, kind: "", findings: false, changed: false });
        changed();
      },
    }, "Clear"));
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

function say(text) {
  document.getElementById("status").textContent = text;
}
