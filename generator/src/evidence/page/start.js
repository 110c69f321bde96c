
// Views by the address's fragment: `#`, `#/findings`, `#SERVICE`, `#SERVICE/OPERATION`, `#SERVICE/OPERATION/FACT`.

const VIEWS = [
  ["", "Overview", () => null],
  ["/findings", "Findings", () => data.findings.length],
  ["/unclaimed", "Not read", () => data.findings.filter((finding) => UNCLAIMED.has(finding.class)).length],
  ["/contradictions", "Contradictions", () => data.operations.reduce((sum, operation) => sum + operation.contradicted, 0)],
  ["/changes", "Changes", () => data.change?.changes.length],
];

let cameFrom = "";

function decoded(part) {
  try { return decodeURIComponent(part); } catch { return part; }
}

function viewOf(hash) {
  const parts = hash.split("/").map(decoded);
  if (parts[0] === "" && parts.length > 1) {
    if (parts[1] === "search") return [searchView(parts.slice(2).join("/")), "Search"];
    const make = { findings: findingsView, unclaimed: unclaimedView, contradictions: contradictionsView, changes: changesView }[parts[1]];
    if (make) return [make(), VIEWS.find(([name]) => name === `/${parts[1]}`)[1]];
  }
  if (parts[0] === "") return [overview(null), "Overview"];
  const service = data.services.find((it) => it.name === parts[0]);
  if (service && (parts.length === 1 || parts[1] === "")) return [overview(service.name), service.name];
  const name = parts[1] === COMMON ? "" : parts[1];
  const operation = service?.operations.find((it) => it.name === name);
  if (operation) return [operationView(operation, parts.slice(2).join("/")), operation.title];
  return [el("div", { class: "view" }, el("h1", {}, "Not in this report"),
    el("p", { class: "lead" }, "It has no ", code(parts.filter(Boolean).join(" / ")), ". ", el("a", { href: "#" }, "See what there is."))), "Not found"];
}

function route(moveFocus) {
  light = null;
  tip(null);
  const hash = location.hash.slice(1);
  const main = document.getElementById("main");
  const [view, title] = viewOf(hash);
  main.replaceChildren(view);
  document.title = `${title} · docsdk report`;
  document.body.classList.toggle("at-operation", Boolean(light));
  for (const item of document.querySelectorAll("#views a")) {
    const here = `#${hash}` === item.getAttribute("href");
    if (here) {
      item.setAttribute("aria-current", "page");
      item.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else item.removeAttribute("aria-current");
  }
  const searching = hash.startsWith("/search/");
  if (!searching) {
    cameFrom = hash;
    document.getElementById("search").value = "";
    window.scrollTo(0, 0);
    if (moveFocus) main.focus({ preventScroll: true });
  }
}

function onSearch() {
  const query = document.getElementById("search").value;
  if (query.trim() === "") { endSearch(); return; }
  const hash = `#/search/${encodeURIComponent(query)}`;
  if (location.hash.startsWith("#/search/")) history.replaceState(null, "", hash);
  else history.pushState(null, "", hash);
  route(false);
}

function endSearch() {
  if (!location.hash.startsWith("#/search/")) return;
  location.hash = cameFrom;
}

function begin() {
  const views = VIEWS.filter(([name]) => name !== "/changes" || data.change);
  document.getElementById("views").append(...views.map(([name, text, count]) => el("li", {},
    el("a", { href: `#${name}` }, text, count() !== null && el("span", { class: "count" }, count())))));
  fillHelp();
  let theme = null;
  try { theme = localStorage.getItem("docsdk-theme"); } catch { /* a file may have no storage */ }
  setTheme(theme);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTheme(null));
  const search = document.getElementById("search");
  if (location.hash.startsWith("#/search/")) search.value = decoded(location.hash.slice("#/search/".length));
  search.addEventListener("input", onSearch);
  document.getElementById("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    document.querySelector(".hits a")?.focus();
  });
  document.getElementById("theme").addEventListener("click", turnTheme);
  document.getElementById("help-button").addEventListener("click", openHelp);
  document.getElementById("skip").addEventListener("click", () => document.getElementById("main").focus());
  document.addEventListener("keydown", onKey);
  addEventListener("hashchange", () => route(true));
  route(false);
  performance.mark("drawn");
  document.documentElement.dataset.ready = "true";
}

unpack().then(prepare).then(begin).catch((error) => {
  document.getElementById("main").replaceChildren(el("div", { class: "view" },
    el("h1", {}, "This report could not be drawn"),
    el("p", { class: "lead" }, "It needs a browser of 2024 or later. What the browser says: ", code(String(error)))));
});
