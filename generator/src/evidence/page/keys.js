
// The keyboard.

const KEYS = [
  ["j  ↓", "the next fact, tile or entry"],
  ["k  ↑", "the one before"],
  ["←  →", "neighbouring tiles"],
  ["Enter", "open what has the focus"],
  ["n  p", "the next operation, the one before"],
  ["/", "search"],
  ["Esc", "one step out: the search, the fact, the operation"],
  ["t", "light or dark"],
  ["?", "this list"],
];

function isTyping(target) {
  return target.matches?.("input:not([type=radio]):not([type=checkbox]), select, textarea") || document.querySelector("dialog[open]");
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    stepOut(event);
    return;
  }
  if (isTyping(event.target)) return;
  const radio = event.target.matches?.("input[type=radio]") && event.key.startsWith("Arrow");
  const action = !radio && {
    j: () => walk(1), k: () => walk(-1), ArrowDown: () => walk(1), ArrowUp: () => walk(-1),
    ArrowRight: () => walkTiles(1), ArrowLeft: () => walkTiles(-1),
    n: () => follow("n"), p: () => follow("p"), t: turnTheme, "?": openHelp,
    "/": () => { document.getElementById("search").focus(); document.getElementById("search").select(); return true; },
    Enter: () => press(event.target), " ": () => press(event.target),
  }[event.key];
  if (action && action() !== false) event.preventDefault();
}

// Enter and space do what a click does on what only plays a button.
function press(target) {
  if (!target.matches?.("[role=button]")) return false;
  target.click();
  return true;
}

function walk(by) {
  if (light) {
    // The arrows scroll the page's pane while that has the focus itself.
    if (document.activeElement === light.pane) return false;
    light.step(by);
    return true;
  }
  return walkItems(document.querySelectorAll("a.tile, .card-head a, .hits .card-head a, table.list tbody a"), by);
}

function walkTiles(by) {
  return document.activeElement?.matches("a.tile") ? walkItems(document.querySelectorAll("a.tile"), by) : false;
}

function walkItems(found, by) {
  const items = [...found];
  if (items.length === 0) return false;
  const at = items.indexOf(document.activeElement);
  const next = items[at < 0 ? 0 : Math.min(Math.max(at + by, 0), items.length - 1)];
  if (next.matches("a.tile")) {
    items.forEach((item) => { if (item.matches("a.tile")) item.tabIndex = -1; });
    next.tabIndex = 0;
  }
  next.focus();
  return true;
}

// Of many links, the tab key stops at one; the arrows lead to the others.
function rove(links) {
  links.forEach((it, at) => { it.tabIndex = at === 0 ? 0 : -1; });
}

function follow(key) {
  const step = document.querySelector(`[data-step=${key}]`);
  if (!step) return false;
  step.click();
  return true;
}

function stepOut(event) {
  const search = document.getElementById("search");
  if (event.target === search) {
    const searching = search.value !== "";
    search.value = "";
    search.blur();
    if (searching) endSearch();
  } else if (light?.kept) {
    light.kept = null;
    light.clear();
    document.activeElement?.blur();
    history.replaceState(null, "", link(light.operation));
  } else if (location.hash.length > 1) {
    location.hash = light ? encodeURIComponent(light.operation.service.name) : "";
  }
  event.preventDefault();
}

function openHelp() {
  document.getElementById("help").showModal();
}

function fillHelp() {
  const dialog = document.getElementById("help");
  dialog.append(el("h2", { id: "help-title" }, "Keys"),
    el("dl", {}, KEYS.map(([keys, text]) => el("div", {},
      el("dt", {}, keys.split("  ").map((key) => el("kbd", {}, key))), el("dd", {}, text)))),
    el("form", { method: "dialog" }, el("button", { class: "quiet" }, "Close")));
}

function isDark() {
  const set = document.documentElement.dataset.theme;
  return set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function turnTheme() {
  setTheme(isDark() ? "light" : "dark");
  try { localStorage.setItem("docsdk-theme", document.documentElement.dataset.theme); } catch { /* a file may have no storage */ }
  return true;
}

function setTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  document.getElementById("theme").textContent = isDark() ? "Light" : "Dark";
}
