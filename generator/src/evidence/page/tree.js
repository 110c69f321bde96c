
// Name paths through a spec: `request.Tags[].Key.type`, `errors.400.Busy.message`.

// What a list's entry may be called, the usual name first.
function namesOf(entry, at) {
  const text = (key) => (["string", "number"].includes(typeof entry?.[key]) ? String(entry[key]) : null);
  const code = text("code");
  if (code !== null) {
    const status = text("status");
    return status === null ? [code] : [`${status}.${code}`, code];
  }
  const named = entry !== null && typeof entry === "object" && !("request" in entry) && !("response" in entry);
  const name = named ? ["name", "status", "value", "parameter", "action"].map(text).find((it) => it !== null) : null;
  return name === null || name === undefined ? [String(at)] : [name, String(at)];
}

function entryOf(list, path) {
  let best = null;
  for (const [at, entry] of list.entries()) {
    for (const name of namesOf(entry, at)) {
      const rest = path.slice(name.length);
      if (!path.startsWith(name) || !(rest === "" || ".[{".includes(rest[0]))) continue;
      if (best === null || name.length > best.length) best = { length: name.length, entry };
    }
  }
  return best && [best.entry, trimDot(path.slice(best.length))];
}

function trimDot(path) {
  return path.startsWith(".") ? path.slice(1) : path;
}

// The value at a path; nothing where there is none.
function valueAt(spec, path) {
  let [node, rest] = [spec, path];
  while (rest !== "") {
    const next = stepInto(node, rest);
    if (!next) return undefined;
    [node, rest] = next;
  }
  return node;
}

function stepInto(node, path) {
  if (Array.isArray(node)) return entryOf(node, path);
  if (node === null || typeof node !== "object") return null;
  if (path.startsWith("[]") || path.startsWith("{}")) {
    return node.items === undefined ? null : [node.items, trimDot(path.slice(2))];
  }
  const field = Array.isArray(node.fields) ? entryOf(node.fields, path) : null;
  const dot = path.indexOf(".");
  const [key, rest] = dot < 0 ? [path, ""] : [path.slice(0, dot), path.slice(dot + 1)];
  const own = Object.hasOwn(node, key) ? [node[key], rest] : null;
  return field && (own === null || field[1] !== "") ? field : own;
}

// A value as one line.
function shown(value) {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  return JSON.stringify(value);
}

function cut(text, most) {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
