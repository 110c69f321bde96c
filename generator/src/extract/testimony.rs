//! Samples as witnesses of what tables say: a fact that a sample shows too is surer, one that it contradicts is a finding.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::cell::locate;
use super::draft::{Draft, Mark, Refuted};
use super::page::Reading;
use super::witness::{flattened, object_of, sole_entry};
use crate::diagnostic::{Diagnostic, Severity};
use crate::page::Span;
use crate::provenance::{Certainty, Settlement};
use crate::spec::{Location, Required, Type};

/// How deep fields may nest.
const DEPTH: usize = 24;
/// How many names a finding lists.
const LISTED: usize = 5;

/// A sample of a message: what it shows, and where.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) span: Span,
    pub(super) shape: Json,
    /// Whether its format tells a list of one item from the item: JSON does, XML does not.
    pub(super) lists: bool,
}

/// The objects that samples show in one place, by the sample's number.
type Objects<'s> = Vec<(usize, &'s Map<String, Json>)>;

/// What samples show of one object while its fields are held against it.
struct Level<'l, 's> {
    objects: &'l Objects<'s>,
    /// The names that samples write, by themselves without case, but for those the table has as they are.
    cases: BTreeMap<String, (usize, &'s str)>,
    /// The table's names without case.
    folded: BTreeSet<String>,
    /// Whether it is open which object this is.
    disputed: bool,
}

impl<'l, 's> Level<'l, 's> {
    fn new(drafts: &[Draft], objects: &'l Objects<'s>, disputed: bool) -> Self {
        let own: BTreeSet<&str> = drafts.iter().map(|draft| draft.field.name.as_str()).collect();
        let names = objects.iter().flat_map(|(number, entries)| entries.keys().map(|key| (*number, key.as_str())));
        let mut cases = BTreeMap::new();
        for (number, name) in names.filter(|(_, name)| !own.contains(name)) {
            cases.entry(name.to_ascii_lowercase()).or_insert((number, name));
        }
        let folded = own.iter().map(|name| name.to_ascii_lowercase()).collect();
        Self { objects, cases, folded, disputed }
    }

    /// What samples show for a name.
    fn values(&self, name: &str) -> Vec<(usize, &'s Json)> {
        self.objects.iter().filter_map(|(number, entries)| Some((*number, entries.get(name)?))).collect()
    }
}

/// A message's samples while its fields are held against them.
struct Hearing<'s> {
    source: &'s str,
    page: &'s str,
    samples: &'s [Shown],
    /// Every name that stands in some sample, and the first place that has it.
    names: BTreeMap<&'s str, String>,
    /// The same, but for those that stand where a row of the table has them.
    strays: BTreeSet<&'s str>,
    request: bool,
    /// The place in the operation's spec of the field that is being looked at.
    about: String,
    findings: Vec<Diagnostic>,
}

/// Holds the fields of an answer, or a request's parameters, against the samples of it; `within` is their place in the spec.
pub(super) fn hear(reading: &mut Reading<'_, '_, '_>, drafts: &mut [Draft], samples: &[Shown], within: &str) {
    let request = within == "request";
    let flat: Vec<Shown> = samples.iter().map(|shown| Shown { shape: flattened(&shown.shape, 0), ..*shown }).collect();
    let mut names = BTreeMap::new();
    for shown in &flat {
        collect_names(&shown.shape, "", &mut names, 0);
    }
    let objects: Objects<'_> = flat
        .iter()
        .enumerate()
        .filter_map(|(number, shown)| {
            let root = if request { &shown.shape } else { super::nesting::below_root(&shown.shape, drafts) };
            Some((number, object_of(root)?))
        })
        .collect();
    let (source, page) = (reading.document.source, reading.document.path.as_str());
    let mut strays: BTreeSet<&str> = names.keys().copied().collect();
    claim_names(drafts, &objects.iter().map(|(_, entries)| *entries).collect::<Vec<_>>(), &mut strays, 0);
    let (about, findings) = (String::new(), Vec::new());
    let mut hearing = Hearing { source, page, samples: &flat, names, strays, request, about, findings };
    hearing.level(drafts, &objects, &mut Vec::new(), within, false);
    let findings = hearing.findings;
    reading.diagnostics.extend(findings);
}

fn collect_names<'s>(shown: &'s Json, place: &str, names: &mut BTreeMap<&'s str, String>, depth: usize) {
    if depth > 2 * DEPTH {
        return;
    }
    match shown {
        Json::Object(entries) => {
            for (name, value) in entries {
                let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
                collect_names(value, &place, names, depth + 1);
                names.entry(name).or_insert(place);
            }
        }
        Json::Array(items) => {
            let place = format!("{place}[]");
            for item in items {
                collect_names(item, &place, names, depth + 1);
            }
        }
        _ => {}
    }
}

/// Takes out the names that samples show where a row has them.
fn claim_names(drafts: &[Draft], objects: &[&Map<String, Json>], names: &mut BTreeSet<&str>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    for draft in drafts {
        let name = draft.field.name.as_str();
        let values: Vec<&Json> = objects.iter().filter_map(|entries| entries.get(name)).collect();
        if !values.is_empty() {
            names.remove(name);
            let inner: Vec<_> = values.into_iter().filter_map(object_of).collect();
            claim_names(&draft.children, &inner, names, depth + 1);
        }
    }
}

impl<'s> Hearing<'s> {
    /// Holds the fields of one object against what samples show of it.
    fn level(
        &mut self,
        drafts: &mut [Draft],
        objects: &Objects<'s>,
        path: &mut Vec<String>,
        within: &str,
        disputed: bool,
    ) {
        if path.len() > DEPTH {
            return;
        }
        let level = Level::new(drafts, objects, disputed);
        for draft in drafts.iter_mut() {
            path.push(draft.field.name.clone());
            let place = format!("{within}.{}", draft.field.name);
            self.about.clone_from(&place);
            let values = level.values(&draft.field.name);
            self.name(draft, &level, &values, path);
            if let Some((number, _)) = values.first() {
                self.settled(draft, *number, path);
            }
            for (number, value) in &values {
                self.kind(draft, value, *number, path);
                self.listed(draft, value, *number, path);
            }
            if self.request {
                self.required(draft, objects, &values, path);
            }
            let open = self.open(draft, &values, disputed);
            let inner = values.iter().filter_map(|(number, value)| Some((*number, object_of(value)?))).collect();
            let inside = draft.inside(&place);
            self.level(&mut draft.children, &inner, path, &inside, open);
            path.pop();
        }
        if let Some(last) = drafts.last().filter(|_| !self.request && !disputed) {
            self.untold(last.span, &level, path, within);
        }
    }

    /// Doubts a container's type where it is open what stands in it; whether it is.
    fn open(&self, draft: &mut Draft, values: &[(usize, &'s Json)], disputed: bool) -> bool {
        let elsewhere = draft.marks.iter().any(|mark| mark.key == "name" && mark.rule == "column-name-elsewhere");
        let open = disputed || elsewhere || wrapped(draft, values);
        let nest = draft.is_nest();
        let plain = draft.field.kind == Type::Array && draft.children.is_empty();
        let Some(mark) = draft.marks.iter_mut().find(|mark| mark.key == "type") else { return open };
        if open && nest {
            mark.certainty = Certainty::Doubtful;
        } else if plain && values.is_empty() && !self.request && mark.rule == "column-type" {
            // A list of plain values may stand in an object that only a sample would show.
            (mark.rule, mark.certainty) = ("column-type-unshown", Certainty::Doubtful);
        }
        open
    }

    /// Reports what samples show of an object beside the fields that the table tells of it.
    ///
    /// Fields are not made of it: three in four such names are slips of the sample, or gone from the service.
    fn untold(&mut self, row: Span, level: &Level<'_, 's>, path: &[String], within: &str) {
        let new = level
            .cases
            .iter()
            .filter(|(folded, (_, name))| !level.folded.contains(*folded) && self.strays.contains(name));
        let names: Vec<(usize, &str)> = new.map(|(_, found)| *found).collect();
        let Some((number, first)) = names.first() else { return };
        let mut whole = path.to_vec();
        whole.push((*first).to_owned());
        let span = self.place(*number, &whole);
        let listed: Vec<String> = names.iter().take(LISTED).map(|(_, name)| format!("`{name}`")).collect();
        let more = if names.len() > LISTED { format!(" and {} more", names.len() - LISTED) } else { String::new() };
        let of = if path.is_empty() { String::new() } else { format!(" of `{}`", path.join(".")) };
        let message = format!("a sample shows fields{of} that no table names: {}{more}", listed.join(", "));
        self.about = format!("{within}.{first}");
        self.findings.push(self.finding("field-not-in-table", message, row, span));
    }

    fn name(&mut self, draft: &mut Draft, level: &Level<'_, 's>, values: &[(usize, &'s Json)], path: &[String]) {
        let Some(mark) = draft.marks.iter_mut().find(|mark| mark.key == "name" && mark.rule.starts_with("column-name"))
        else {
            return;
        };
        if level.disputed {
            (mark.rule, mark.certainty) = ("column-name-disputed", Certainty::Doubtful);
            return;
        }
        if !values.is_empty() {
            if draft.inferred || mark.certainty < Certainty::Certain {
                (mark.rule, mark.certainty) = ("column-name-shown", Certainty::Certain);
            }
            return;
        }
        let other_case = level.cases.get(&draft.field.name.to_ascii_lowercase()).copied();
        if let Some((number, key)) = other_case {
            let mut other = path.to_vec();
            if let Some(last) = other.last_mut() {
                key.clone_into(last);
            }
            let span = self.place(number, &other);
            let message = format!("a sample writes `{key}`, the table `{}`", draft.field.name);
            self.findings.push(self.finding("name-case-contradicted", message, mark.span, span));
            (mark.rule, mark.certainty) = ("column-name-other-case", Certainty::Likely);
            let settled = Settlement::TableOverSample;
            mark.losers.push(Refuted { span, rule: "sample", settled, value: key.to_owned() });
            return;
        }
        let elsewhere = self.names.get(draft.field.name.as_str());
        let stray = elsewhere.filter(|_| self.strays.contains(draft.field.name.as_str()) && !level.objects.is_empty());
        if let Some(place) = stray {
            let message = format!("the table has `{}`, a sample `{place}`", path.join("."));
            let number = level.objects.first().map_or(0, |(number, _)| *number);
            let names: Vec<String> = place.split('.').map(|name| name.trim_end_matches("[]").to_owned()).collect();
            let span = self.place(number, &names);
            self.findings.push(self.finding("nesting-contradicted", message, mark.span, span));
            let settled = Settlement::TableOverSample;
            mark.losers.push(Refuted { span, rule: "sample", settled, value: place.clone() });
        }
        (mark.rule, mark.certainty) = match (elsewhere.is_some(), level.objects.is_empty()) {
            // The page states the place.
            _ if !draft.inferred && stray.is_none() => return,
            _ if !draft.inferred => ("column-name-elsewhere", Certainty::Likely),
            (true, _) => ("column-name-elsewhere", Certainty::Doubtful),
            (false, false) => ("column-name-placed", Certainty::Likely),
            (false, true) if self.request => ("column-name-unwitnessed", Certainty::Likely),
            (false, true) => ("column-name-unwitnessed", Certainty::Doubtful),
        };
    }

    fn kind(&mut self, draft: &mut Draft, value: &Json, number: usize, path: &[String]) {
        let Some(kind) = contradicting(draft, value) else { return };
        let lists = self.samples.get(number).is_some_and(|shown| shown.lists);
        if draft.field.kind == Type::Array && !lists {
            return;
        }
        if draft.marks.iter().any(|mark| mark.key == "type" && !mark.losers.is_empty()) {
            return;
        }
        let Some(mark) = draft.marks.iter().find(|mark| mark.key == "type") else { return };
        let message =
            format!("`{}` is {} by the table, {} by a sample", path.join("."), draft.field.kind.word(), kind.word());
        let span = self.place(number, path);
        self.findings.push(self.finding("type-contradicted", message, mark.span, span));
        let settled = Settlement::TableOverSample;
        let loser = Refuted { span, rule: "sample", settled, value: kind.word().to_owned() };
        draft.refute("type", loser, Certainty::Likely);
    }

    /// Reports a type that a sample was believed on.
    fn settled(&mut self, draft: &Draft, number: usize, path: &[String]) {
        let by_sample = |mark: &&Mark| mark.key == "type" && mark.rule == "type-from-sample";
        let Some(mark) = draft.marks.iter().find(by_sample) else { return };
        let lost =
            |loser: &&Refuted| loser.settled == Settlement::SampleOverTable && loser.value != draft.field.kind.word();
        let Some(loser) = mark.losers.iter().find(lost) else { return };
        let (kind, said) = (draft.field.kind.word(), &loser.value);
        let message = format!("`{}` is {said} by the table, {kind} by a sample, which is believed", path.join("."));
        self.findings.push(self.finding("type-contradicted", message, loser.span, self.place(number, path)));
    }

    fn listed(&mut self, draft: &mut Draft, value: &Json, number: usize, path: &[String]) {
        let text = match value {
            Json::String(text) => text.trim().to_owned(),
            Json::Number(_) | Json::Bool(_) => value.to_string(),
            _ => return,
        };
        let values = &draft.field.values;
        let listed = |text: &str| values.iter().any(|value| value.value == text.trim());
        let truth = draft.field.kind == Type::Boolean || matches!(text.as_str(), "true" | "false");
        if values.is_empty() || text.is_empty() || masked(&text) || truth || text.split(',').all(listed) {
            return;
        }
        let Some(mark) = draft.marks.iter().find(|mark| mark.key.starts_with("values")) else { return };
        let message = format!("a sample shows `{text}` for `{}`, which is none of its values", path.join("."));
        let span = self.place(number, path);
        self.findings.push(self.finding("value-not-listed", message, mark.span, span));
        let key = mark.key.clone();
        let settled = Settlement::TableOverSample;
        draft.refute(&key, Refuted { span, rule: "sample", settled, value: text }, Certainty::Likely);
    }

    fn required(&mut self, draft: &mut Draft, objects: &Objects<'s>, values: &[(usize, &'s Json)], path: &[String]) {
        let told = !matches!(draft.field.location, Some(Location::Path | Location::Header)) && !objects.is_empty();
        let Some(mark) = draft.marks.iter_mut().find(|mark| mark.key == "required" && mark.rule == "column-required")
        else {
            return;
        };
        if !told || !values.is_empty() || draft.field.required != Some(Required::Yes) {
            return;
        }
        (mark.rule, mark.certainty) = ("column-required-unshown", Certainty::Doubtful);
        let message = format!("no sample shows `{}`, which is required by the table", path.join("."));
        let number = objects.first().map_or(0, |(number, _)| *number);
        let span = self.samples.get(number).map(|shown| shown.span).unwrap_or_default();
        self.findings.push(self.finding("required-not-shown", message, mark.span, span));
    }

    fn finding(&self, id: &'static str, message: String, table: Span, sample: Span) -> Diagnostic {
        // Samples leave out what they need not show, and their values are made up.
        let (severity, help) = match id {
            "required-not-shown" => (Severity::Advice, "if calls work without it, say so in the service's overlay"),
            "value-not-listed" => (Severity::Advice, "if it is a value, add it in the service's overlay"),
            "field-not-in-table" => {
                (Severity::Advice, "if the service still has them, add them in the service's overlay")
            }
            _ => (Severity::Warning, "say in the service's overlay which of them is right"),
        };
        let key = match id {
            "type-contradicted" => ".type",
            "name-case-contradicted" | "nesting-contradicted" => ".name",
            "value-not-listed" => ".values",
            "required-not-shown" => ".required",
            _ => "",
        };
        Diagnostic::new(id, severity, self.page, message)
            .about(format!("{}{key}", self.about))
            .at(table, "the table says this")
            .related(self.page, sample, "the sample shows this")
            .help(help)
    }

    /// Where a sample has the name at the end of a path: each name is looked for behind the one before it.
    fn place(&self, number: usize, path: &[String]) -> Span {
        let Some(shown) = self.samples.get(number) else { return Span::default() };
        let mut rest = shown.span;
        let mut found = shown.span;
        for name in path {
            let forms = [format!("\"{name}\""), format!("<{name}>"), format!("{name}="), name.clone()];
            let place = forms.iter().map(|form| locate(self.source, rest, form)).find(|place| *place != rest);
            let Some(place) = place else { continue };
            found = place;
            rest = Span { start: place.end, end: shown.span.end };
        }
        found
    }
}

/// Whether it is open if there is an object around a list's items: table and samples, or samples, disagree.
fn wrapped(draft: &Draft, values: &[(usize, &Json)]) -> bool {
    let own: BTreeSet<&str> = draft.children.iter().map(|child| child.field.name.as_str()).collect();
    let listed = draft.field.kind == Type::Array;
    if let [only] = draft.children.as_slice()
        && only.is_nest()
        && (listed || only.field.kind == Type::Object && draft.field.name.strip_suffix('s') == Some(&only.field.name))
    {
        return true;
    }
    let shown = |name: &str| values.iter().any(|(_, value)| object_of(value).is_some_and(|o| o.contains_key(name)));
    let bare = |child: &Draft| {
        let plain = child.field.kind == Type::Any || child.is_nest();
        plain && child.field.description.is_none() && !shown(&child.field.name)
    };
    let around = |value: &Json| match sole_entry(value).filter(|_| value.is_object()) {
        Some((key, inner)) => {
            !own.contains(key)
                && object_of(inner).is_some_and(|inner| inner.keys().any(|key| own.contains(key.as_str())))
        }
        None => false,
    };
    listed && draft.children.iter().any(bare) || values.iter().any(|(_, value)| around(value))
}

/// The type that a value shows, where a field's own can't have such values.
fn contradicting(draft: &Draft, value: &Json) -> Option<Type> {
    let text = value.as_str().map(str::trim);
    if text.is_some_and(|text| text.is_empty() || masked(text)) {
        return None;
    }
    let shown = match value {
        Json::Null => return None,
        Json::Bool(_) => Type::Boolean,
        Json::Number(number) if number.is_f64() => Type::Number,
        Json::Number(_) => Type::Integer,
        Json::String(_) => Type::String,
        Json::Array(items) if items.is_empty() => return None,
        Json::Array(_) => Type::Array,
        Json::Object(entries) if entries.is_empty() => return None,
        Json::Object(_) => Type::Object,
    };
    let fits = match draft.field.kind {
        Type::Any => true,
        Type::String => !matches!(shown, Type::Array | Type::Object),
        Type::Integer => match text {
            Some(text) => text.parse::<i64>().is_ok(),
            None => shown == Type::Integer,
        },
        Type::Number => match text {
            Some(text) => text.parse::<f64>().is_ok(),
            None => matches!(shown, Type::Integer | Type::Number),
        },
        Type::Boolean => match text {
            Some(text) => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
            None => shown == Type::Boolean,
        },
        Type::Object | Type::Map => shown == Type::Object || text.is_some_and(|text| text.starts_with('{')),
        Type::Array => shown == Type::Array || text.is_some(),
    };
    (!fits).then_some(shown)
}

/// Whether a sample's text stands for another, which it hides: `rm-****`, `xxx`, `…`.
fn masked(text: &str) -> bool {
    text.contains(['*', '<', '…', '{', '[', '%', '$'])
        || text.contains("xxx")
        || text.contains("XXX")
        || text.contains("...")
}
