"use strict";

// What the report shows. Numbers stand for texts that are held once; see `Evidence` in the program that wrote this.

let data = null;

const CERTAINTIES = ["doubtful", "likely", "certain"];
const MEANINGS = [
  "read from weak signs, or sources contradict each other: look at it",
  "read by a rule that is nearly always right",
  "the page leaves no choice, or two sources agree",
];
const SETTLEMENTS = {
  "table-over-sample": "a table tells more than a sample does",
  "sample-over-table": "a sample shows how an answer is built",
  "more-certain": "the other page states it more plainly",
  "majority": "more of the pages say otherwise",
  "usual-language": "the other page is in the vendor’s usual language",
  "newer-page": "the other page is newer",
  "fuller-page": "the other page says more of the operation",
  "page-order": "the other page comes first: nothing else told them apart",
};
const UNCLAIMED = new Set(["row-unclaimed", "table-unclaimed", "code-unclaimed"]);
const COMMON = "*";

async function unpack() {
  const packed = atob(document.getElementById("data").textContent);
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; at += 1) bytes[at] = packed.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

// Counts what the picture needs; facts are read when their operation is opened.
function prepare(read) {
  data = read;
  data.operations = [];
  for (const [at, service] of data.services.entries()) {
    Object.assign(service, { at, counts: [0, 0, 0], rows: [0, 0], findings: [] });
    namePages(service.pages);
    for (const page of service.pages) {
      page.operations = new Set();
      service.rows[0] += page.rows[0];
      service.rows[1] += page.rows[1];
    }
    for (const operation of service.operations) prepareOperation(service, operation);
  }
  for (const [at, finding] of data.findings.entries()) {
    finding.at = at;
    const service = data.services[finding.service];
    service.findings.push(finding);
    const owner = finding.operation
      ? service.operations.find((operation) => operation.name === finding.operation)
      : null;
    const owners = owner ? [owner] : [...(service.pages[finding.places[0]?.[0]]?.operations ?? [])];
    finding.owners = owners;
    for (const operation of owners) operation.findings.push(finding);
  }
  for (const change of data.change?.changes ?? []) {
    const service = data.services.find((it) => it.name === change.service);
    // What has no operation belongs to the service; of its operations, to that of the common codes at most.
    const fits = (it) => it.name === change.operation && (it.name !== "" || change.path.startsWith("errors"));
    const operation = service?.operations.find(fits);
    if (operation) operation.changes.push(change);
    change.owner = operation ?? null;
  }
}

// Gives pages names that tell them apart; those of one name are few, so that all pairs of these may be compared.
function namePages(pages) {
  const alike = new Map();
  for (const { file } of pages) {
    const last = file.slice(file.lastIndexOf("/") + 1);
    alike.set(last, [...(alike.get(last) ?? []), file]);
  }
  for (const page of pages) {
    const last = page.file.slice(page.file.lastIndexOf("/") + 1);
    page.name = shortName(page.file, alike.get(last));
  }
}

function prepareOperation(service, operation) {
  const counts = [0, 0, 0];
  const pages = new Set();
  let contradicted = 0;
  for (const [, , [page], , certainty, losers] of operation.facts) {
    counts[certainty] += 1;
    contradicted += losers.length > 0 ? 1 : 0;
    pages.add(service.pages[page]);
  }
  for (const page of pages) page.operations.add(operation);
  for (const certainty of [0, 1, 2]) service.counts[certainty] += counts[certainty];
  const least = counts.findIndex((count) => count > 0);
  const title = operation.name || "Codes of every operation";
  Object.assign(operation, { service, pages, counts, contradicted, least, title, findings: [], changes: [], read: null });
  operation.total = operation.facts.length;
  data.operations.push(operation);
}

function factsOf(operation) {
  if (operation.read) return operation.read;
  let path = "";
  operation.read = operation.facts.map(([kept, rest, [page, range], rule, certainty, losers], at) => {
    path = path.slice(0, kept) + rest;
    const others = losers.map(([[page, range], rule, settled, value]) => (
      { page, range, rule: data.rules[rule], settled, value }
    ));
    return { at, path, page, range, rule: data.rules[rule], certainty, losers: others };
  });
  return operation.read;
}

// The rows of an operation's pages: those that a rule read, and all.
function rowsOf(operation) {
  const rows = [0, 0];
  for (const page of operation.pages) {
    rows[0] += page.rows[0];
    rows[1] += page.rows[1];
  }
  return rows;
}

function lineOf(page, number) {
  return data.lines[page.lines[number - 1]] ?? "";
}

// The words of a place, as one line.
function wordsOf(page, [first, from, last, to], most) {
  const words = [];
  let length = 0;
  for (let number = first; number <= last && length < most; number += 1) {
    const line = lineOf(page, number);
    const part = line.slice(number === first ? from : 0, number === last ? to : line.length).trim();
    words.push(part);
    length += part.length;
  }
  const text = words.filter(Boolean).join(" ⏎ ");
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function isNowhere([first, from, last, to]) {
  return first === last && from === to;
}

function link(operation, place) {
  const parts = [operation.service.name, operation.name || COMMON];
  if (place) parts.push(place);
  return `#${parts.map(encodeURIComponent).join("/")}`;
}

function counted(count, noun, plural) {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural ?? `${noun}s`}`;
}

function percent(part, whole) {
  if (whole === 0) return "–";
  const share = (100 * part) / whole;
  // What is not all of it is never shown as all of it.
  if (part < whole && share > 99.9) return "99.9 %";
  if (part > 0 && share < 0.1) return "0.1 %";
  return `${share === 100 || share === 0 ? share : share.toFixed(1)} %`;
}
