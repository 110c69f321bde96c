#!/usr/bin/env python3
"""Judges every fact that the scorer can judge, by the scorer itself.

    judge.py SCORE_FOLDER KEPT_FOLDER

KEPT_FOLDER is what `accuracy.py --keep` left. Prints one line of JSON a fact: corpus, part, key, rule, certainty, whether
it is right, page and path. A fact that no line of `sources.lock` tells has an empty rule and certainty. What the scorer
calls neither right nor wrong is left out, and so are names that its P* leaves out: the page has them, and the truth's
version of the service does not.
"""
import collections, json, os, re, sys

SCORE, KEPT = sys.argv[1], sys.argv[2]
sys.path.insert(0, SCORE)
import accuracy, score

CORPUS = os.path.join(SCORE, "..", "corpus")
UNESCAPES = (("%0D", "\r"), ("%0A", "\n"), ("%09", "\t"), ("%25", "%"))


def unescape(text):
    for code, char in UNESCAPES:
        text = text.replace(code, char)
    return text


def facts(lock):
    """{operation: {(part, scorer's path, key): (rule, certainty)}}"""
    out = collections.defaultdict(dict)
    current = out[""]
    with open(lock, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("operation "):
                current = out[unescape(line[len("operation "):])]
            elif line == "service":
                current = out[""]
            elif line.count("\t") == 4 and not line.startswith("\t"):
                path, _, _, rule, certainty = line.split("\t")
                part, _, rest = unescape(path).partition(".")
                if part == "responses":
                    status, _, rest = rest.partition(".")
                    if not status.startswith(("2", "d")):
                        continue
                    part = "response"
                path, _, key = rest.rpartition(".")
                current[part, path if part == "errors" else score.norm(path), key] = rule, certainty
    return out


def judged_fields(part, truth, found, page, neutral=(), open_body=False):
    """(key, path, right) of a message's fields"""
    wrong = set()
    score.score_fields(part, truth, found, page, score.Tally(),
                       lambda kind, _, what: wrong.add((kind, what.split(": ")[0])), neutral, open_body)
    want = {t["path"]: t for t in truth}
    for path in found:
        t = want.get(path)
        if t is None:
            if ("extra", path) in wrong:
                yield "name", path, False
            continue
        yield "name", path, True
        if t.get("type") not in (None, "any"):
            yield "type", path, ("type", path) not in wrong
        if part == "request":
            if "in" in t and path == score.plain(path) and "." not in path:
                yield "in", path, ("in", path) not in wrong
            if "required" in t:
                yield "required", path, ("required", path) not in wrong


def judged_errors(truth, found):
    """(key, path, right) of error codes and their messages"""
    key = lambda e: (str(e["status"]) if e.get("status") not in (None, "") else "", str(e.get("code")))
    want = collections.defaultdict(set)
    for e in truth:
        want[key(e)].add(score.message(e.get("message")))
    have = collections.defaultdict(list)
    for e in found or ():
        have[key(e)].append(e.get("message"))
    for k, messages in have.items():
        path = ".".join(part for part in k if part)
        yield "code", path, k in want
        if k in want and any(messages):
            yield "message", path, any(score.message(m) in want[k] for m in messages)


def judged(op, spec, page, common):
    neutral = set(common) | set(op.get("ignore", ()))
    if "request" in op:
        found = score.flatten(spec.get("request"))
        for fact in judged_fields("request", op["request"], found, page, neutral, op.get("open_body")):
            yield ("request", *fact)
    if "response" in op:
        found = {}
        for r in spec.get("responses") or ():
            if str(r.get("status", 200)).startswith(("2", "d")):
                found.update({k: v for k, v in score.flatten(r.get("fields")).items() if k not in found})
        for fact in judged_fields("response", op["response"], found, page):
            yield ("response", *fact)
    if "errors" in op:
        for fact in judged_errors(op["errors"], spec.get("errors")):
            yield ("errors", *fact)


def main():
    for (corpus, service, lang, style, folder), s in sorted(accuracy.page_sets(os.path.join(CORPUS, "truth")).items()):
        name = "/".join(x for x in (corpus, service, lang, style) if x)
        kept = os.path.join(KEPT, re.sub(r"[^\w-]", "_", name + "_" + os.path.basename(folder)))
        specs = accuracy.load(kept)
        known = facts(os.path.join(kept, service, "sources.lock"))
        root = os.path.join(CORPUS, "..", "seeds") if corpus == "seeds" else CORPUS
        for op in s["ops"]:
            spec = score.find_spec(op, specs)
            if spec is None:
                continue
            page = score.Page(root, op["page"])
            own = known["" if "http" not in spec and spec["operation"] == "errors" else spec["operation"]]
            for part, key, path, right in judged(op, spec, page, s["common"]):
                rule, certainty = own.get((part, path, key), ("", ""))
                print(json.dumps([corpus, part, key, rule, certainty, right, op["page"], path], ensure_ascii=False))


if __name__ == "__main__":
    main()
