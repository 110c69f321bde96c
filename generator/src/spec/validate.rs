//! What a spec must hold beyond the shape of its YAML.

use std::collections::BTreeSet;

use super::place::Step;
use super::{Field, Location, Operation, Service, Type};

/// Something wrong in a spec, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// A stable kebab-case id.
    pub id: &'static str,
    /// The place, as steps into the YAML.
    pub place: Vec<Step>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// What is wrong in a service's `service.yaml`.
pub fn service(service: &Service) -> Vec<Issue> {
    let mut check = Check::default();
    check.at("service");
    if !is_kebab_case(&service.service) {
        let message = format!("`{}` is no name for a service", service.service);
        check.report("service-name", message, "use small letters, digits and single hyphens, beginning with a letter");
    }
    check.place.clear();
    let endpoints = &service.endpoints;
    check.at("endpoints");
    for (key, url) in [("default", &endpoints.default), ("regional", &endpoints.regional)] {
        if let Some(url) = url {
            check.endpoint(&[key], url);
        }
    }
    for (region, url) in &endpoints.regions {
        check.endpoint(&["regions", region], url);
    }
    if let Some(pattern) = endpoints.regional.as_deref().filter(|pattern| !pattern.contains("{region}")) {
        check.at("regional");
        check.report(
            "endpoint",
            format!("`{pattern}` is the same for every region"),
            "write `{region}` where the region's id goes",
        );
        check.place.pop();
    }
    check.place.clear();
    check.errors(&service.errors);
    check.issues
}

/// What is wrong in an operation's spec.
pub fn operation(operation: &Operation) -> Vec<Issue> {
    let mut check =
        Check { parameters: operation.request.iter().map(|f| f.name.as_str()).collect(), ..Check::default() };
    check.head(operation);
    check.at("request");
    check.parameters(&operation.request);
    check.place.clear();
    check.at("responses");
    for (index, response) in operation.responses.iter().enumerate() {
        check.place.push(Step::Index(index));
        check.status(response.status);
        check.at("fields");
        check.fields(&response.fields);
        check.place.truncate(1);
    }
    check.place.clear();
    check.errors(&operation.errors);
    check.place.clear();
    check.pagination(operation);
    check.waiters(operation);
    check.issues.extend(super::rust_names::issues(operation));
    check.issues
}

/// Whether a name is in kebab case: small letters, digits, single hyphens, a letter first.
pub fn is_kebab_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.split('-').all(|part| !part.is_empty())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[derive(Default)]
struct Check<'a> {
    parameters: BTreeSet<&'a str>,
    place: Vec<Step>,
    issues: Vec<Issue>,
}

impl<'a> Check<'a> {
    fn at(&mut self, key: &str) {
        self.place.push(Step::Key(key.to_owned()));
    }

    fn report(&mut self, id: &'static str, message: String, help: impl Into<String>) {
        self.issues.push(Issue { id, place: self.place.clone(), message, help: help.into() });
    }

    fn endpoint(&mut self, keys: &[&str], url: &str) {
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if host.is_none_or(|host| host.is_empty() || host.contains(char::is_whitespace)) {
            let depth = self.place.len();
            for key in keys {
                self.at(key);
            }
            self.report("endpoint", format!("`{url}` is no URL"), "write it with its scheme: `https://…`");
            self.place.truncate(depth);
        }
    }

    fn status(&mut self, status: u16) {
        if !(100..=599).contains(&status) {
            self.at("status");
            self.report("status", format!("`{status}` is no HTTP status"), "a status lies between 100 and 599");
            self.place.pop();
        }
    }

    fn errors(&mut self, errors: &[super::ErrorCode]) {
        self.at("errors");
        for (index, error) in errors.iter().enumerate() {
            self.place.push(Step::Index(index));
            if error.code.trim().is_empty() {
                self.report("error-code", "an error has an empty code".to_owned(), "give its code, or take it out");
            }
            self.place.pop();
        }
        self.place.pop();
    }

    fn head(&mut self, operation: &Operation) {
        let name = &operation.operation;
        self.at("operation");
        let unfit = |c: char| c.is_control() || c.is_whitespace() || "/\\:*?\"<>|".contains(c);
        if name.is_empty() || name.starts_with('.') || name.contains(unfit) {
            let help = "the name is also the file's: no spaces, slashes or leading dot";
            self.report("operation-name", format!("`{name}` is no name for an operation"), help);
        }
        self.place.clear();
        self.at("http");
        if operation.http.method.is_empty() || !operation.http.method.bytes().all(|b| b.is_ascii_uppercase()) {
            self.at("method");
            let message = format!("`{}` is no HTTP method", operation.http.method);
            self.report("http-method", message, "write it in capitals: `GET`, `POST`, `PUT`, `PATCH`, `DELETE`");
            self.place.pop();
        }
        self.at("path");
        self.path(operation);
        self.place.clear();
    }

    fn path(&mut self, operation: &Operation) {
        let path = &operation.http.path;
        if !path.starts_with('/') {
            self.report(
                "http-path",
                format!("the path `{path}` does not begin with `/`"),
                "write the path alone, from its first `/`",
            );
        }
        let Some(placeholders) = placeholders(path) else {
            self.report(
                "http-path",
                format!("the braces of the path `{path}` do not match"),
                "write placeholders as `{name}`",
            );
            return;
        };
        let in_path = |f: &&Field| f.location == Some(Location::Path);
        let known: BTreeSet<&str> = operation.request.iter().filter(in_path).map(|f| f.name.as_str()).collect();
        for name in placeholders.difference(&known) {
            let help = format!("add the parameter `{name}` with `in: path`, or mend the path");
            self.report("path-placeholder", format!("no parameter fills `{{{name}}}` in the path"), help);
        }
        for name in known.difference(&placeholders) {
            let help = format!("write `{{{name}}}` into the path, or say where else the parameter travels");
            self.report("path-parameter", format!("the parameter `{name}` has no place in the path `{path}`"), help);
        }
    }

    fn pagination(&mut self, operation: &Operation) {
        self.at("pagination");
        for (key, name) in super::paging::astray(operation) {
            if name.is_empty() {
                let message = format!("the pagination does not say its `{key}`");
                self.report("pagination", message, format!("add `{key}: …`"));
                continue;
            }
            self.at(key);
            let message = format!("the pagination's `{key}` is `{name}`, which is not there");
            let help = "parameters are named as in `request`, fields of the answer by a path as `Disks.Disk`, a marker \
                        by a field of the items as `Disks.Disk[].DiskId`";
            self.report("pagination", message, help);
            self.place.pop();
        }
        self.place.pop();
    }

    fn waiters(&mut self, operation: &Operation) {
        self.at("waiters");
        let mut seen = BTreeSet::new();
        for (index, waiter) in operation.waiters.iter().enumerate() {
            self.place.push(Step::Index(index));
            if super::waiting::at(operation, &waiter.status).is_none() {
                let message = format!("`{}` is no text in the answer", waiter.status);
                self.report("waiter", message, "write the way to the status: `Image.Status`, `Images.Image[].Status`");
            }
            if waiter.until.is_empty() {
                let message = format!("the waiter `{}` waits for nothing", waiter.name);
                self.report("waiter", message, "name states in `until`");
            }
            if waiter.name.is_empty() || !seen.insert(waiter.name.as_str()) {
                self.twice(&waiter.name);
            }
            self.place.pop();
        }
        self.place.pop();
    }

    fn parameters(&mut self, parameters: &'a [Field]) {
        let mut seen = BTreeSet::new();
        for (index, field) in parameters.iter().enumerate() {
            self.place.push(Step::Index(index));
            if field.location.is_none() {
                let message = format!("the parameter `{}` does not say where it travels", field.name);
                self.report("parameter-place", message, "add `in: query`, `path`, `header`, `body` or `form`");
            }
            if !seen.insert((field.name.as_str(), field.location)) {
                self.twice(&field.name);
            }
            self.field(field, true);
            self.place.pop();
        }
    }

    fn fields(&mut self, fields: &'a [Field]) {
        let mut seen = BTreeSet::new();
        for (index, field) in fields.iter().enumerate() {
            self.place.push(Step::Index(index));
            if !seen.insert(field.name.as_str()) {
                self.twice(&field.name);
            }
            self.field(field, true);
            self.place.pop();
        }
    }

    fn twice(&mut self, name: &str) {
        self.report("name-twice", format!("`{name}` is there twice"), "rename or remove one of the two");
    }

    fn field(&mut self, field: &'a Field, named: bool) {
        if named && field.name.trim().is_empty() {
            self.report("name-empty", "a field has no name".to_owned(), "add `name: …` as it is on the wire");
        }
        self.shape(field);
        self.limits(field);
        self.values(field);
        self.conditions(field);
        for (key, inner) in [("items", &field.items), ("json", &field.json)] {
            if let Some(inner) = inner {
                self.at(key);
                self.field(inner, false);
                self.place.pop();
            }
        }
        self.at("fields");
        self.fields(&field.fields);
        self.place.pop();
    }

    fn shape(&mut self, field: &Field) {
        let holds_items = matches!(field.kind, Type::Array | Type::Map);
        let name = &field.name;
        if holds_items && field.items.is_none() {
            self.report(
                "items-missing",
                format!("`{name}` does not say what its items are"),
                "add `items: { type: … }`",
            );
        }
        if !holds_items && field.items.is_some() {
            self.report(
                "items-unfit",
                format!("`{name}` has items but is no array or map"),
                "make it `type: array`, or take `items` out",
            );
        }
        if field.json.is_some() && field.kind != Type::String {
            self.report(
                "json-unfit",
                format!("`{name}` says what its JSON holds but is no text"),
                "make it `type: string`, or say it with `fields` or `items`",
            );
        }
        if field.kind != Type::Object && !field.fields.is_empty() {
            self.report(
                "fields-unfit",
                format!("`{name}` has fields but is no object"),
                "make it `type: object`, or take `fields` out",
            );
        }
    }

    fn limits(&mut self, field: &Field) {
        let (min, max) = (&field.min, &field.max);
        let number = |n: &Option<serde_yaml::Number>| n.as_ref().and_then(serde_yaml::Number::as_f64);
        let upside_down = [
            number(min).zip(number(max)).is_some_and(|(a, b)| a > b),
            field.min_length.zip(field.max_length).is_some_and(|(a, b)| a > b),
            field.min_items.zip(field.max_items).is_some_and(|(a, b)| a > b),
        ];
        if upside_down.contains(&true) {
            let message = format!("the smallest of `{}` is above its largest", field.name);
            self.report("limits", message, "swap the two limits, or take the wrong one out");
        }
    }

    fn values(&mut self, field: &Field) {
        let mut seen = BTreeSet::new();
        self.at("values");
        for (index, value) in field.values.iter().enumerate() {
            self.place.push(Step::Index(index));
            if value.value.is_empty() {
                self.report(
                    "value-empty",
                    format!("`{}` lists an empty value", field.name),
                    "write the value as it is on the wire",
                );
            }
            if !seen.insert(&value.value) {
                self.twice(&value.value);
            }
            self.place.pop();
        }
        self.place.pop();
    }

    fn conditions(&mut self, field: &Field) {
        self.at("required_when");
        for (index, condition) in field.required_when.iter().enumerate() {
            self.place.push(Step::Index(index));
            let name = condition.parameter.as_str();
            if !self.parameters.contains(name) {
                let message = format!("`{}` depends on `{name}`, which is no parameter of the operation", field.name);
                self.report(
                    "condition-unknown",
                    message,
                    crate::suggest::remedy(name, self.parameters.iter().copied()),
                );
            }
            if condition.equals.is_empty() && condition.not_equals.is_empty() && condition.present.is_none() {
                let message = format!("the condition of `{}` on `{name}` says nothing", field.name);
                self.report("condition-empty", message, "add `equals`, `not_equals` or `present`");
            }
            self.place.pop();
        }
        self.place.pop();
    }
}

/// The names in braces; nothing where the braces do not match.
fn placeholders(path: &str) -> Option<BTreeSet<&str>> {
    let mut names = BTreeSet::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}')?;
        if before.contains('}') || name.is_empty() || name.contains('{') {
            return None;
        }
        names.insert(name);
        rest = tail;
    }
    (!rest.contains('}')).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::operation;
    use crate::spec::yaml;

    #[track_caller]
    fn test(source: &str, expected: &[&str]) {
        let spec = yaml::read(source, "x.yaml").unwrap();
        assert_eq!(operation(&spec).iter().map(|issue| issue.id).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn finds_what_does_not_hold_together() {
        let head = "operation: A\nhttp: { method: POST, path: '/a/{id}' }\nrequest:\n";
        test(&format!("{head}- {{ name: id, in: path, type: string }}\n"), &[]);
        test(&format!("{head}- {{ name: di, in: path, type: string }}\n"), &["path-placeholder", "path-parameter"]);
        test(
            &format!("{head}- {{ name: id, in: path, type: array }}\n- {{ name: b, type: string }}\n"),
            &["items-missing", "parameter-place"],
        );
        test(
            &format!(
                "{head}- {{ name: id, in: path, type: string, values: [{{ value: a }}, {{ value: a }}], \
                 required_when: [{{ parameter: X, equals: ['1'] }}] }}\n"
            ),
            &["name-twice", "condition-unknown"],
        );
        test("operation: a/b\nhttp: { method: post, path: x }\n", &["operation-name", "http-method", "http-path"]);
    }
}
