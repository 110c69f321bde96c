use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::{Imported, Source, export, import, loss};
use crate::diagnostic::Severity;
use crate::spec::{
    Condition, Endpoints, ErrorCode, Field, Http, Location, Operation, Protocol, Required, Response, Service, Style,
    Type, Value, yaml,
};

/// Imports a document that is written to a folder, and other files beside it.
fn imported(files: &[(&str, &str)]) -> Imported {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let service = Service { service: "shop".into(), ..Service::default() };
    import(&Source { files: vec![folder.path().join(files[0].0)], root: None, service })
}

fn ids(imported: &Imported) -> Vec<&'static str> {
    let mut ids: Vec<_> = imported.run.findings.iter().map(|finding| finding.id).collect();
    ids.sort_unstable();
    ids
}

/// The one operation of a document that is `head` and this.
fn operation(rest: &str) -> (String, Imported) {
    let document = format!("openapi: 3.1.0\ninfo: {{ title: Shop, version: '1' }}\n{rest}");
    let imported = imported(&[("a.yaml", &document)]);
    let operation = imported.operations.values().next().map(yaml::write).unwrap_or_default();
    (operation, imported)
}

#[test]
fn a_document_becomes_a_service() {
    let document = include_str!("../../../examples/openapi/orders.yaml");
    let imported = imported(&[("orders.yaml", document)]);
    let specs: Vec<String> = imported.operations.values().map(yaml::write).collect();
    let findings: Vec<String> = imported
        .run
        .findings
        .iter()
        .map(|f| format!("{} {} at {}", f.id, f.message, f.label.as_deref().unwrap_or_default()))
        .collect();
    insta::assert_snapshot!(format!(
        "{}---\n{}---\n{}\n",
        yaml::write(&imported.service),
        specs.join("---\n"),
        findings.join("\n")
    ));
    for operation in imported.operations.values() {
        assert_eq!(crate::spec::validate::operation(operation), [], "{}", operation.operation);
    }
}

#[test]
fn references_lead_to_other_files_and_not_out_of_the_folder() {
    let root = "openapi: 3.0.3\ninfo: { title: A, version: '1' }\npaths:\n  /a: { $ref: 'paths/a.yaml' }\n";
    let path = "get:\n  operationId: a\n  parameters: [ { $ref: '../parts.json#/limit~1most' } ]\n  responses:\n    \
                '200': { description: d, content: { application/json: { schema: { $ref: ../parts.json#/Node } } } }\n    \
                '404': { $ref: ../../outside.yaml }\n    '500': { $ref: 'https://example.com/x.yaml' }\n    \
                '502': { $ref: ../gone.yaml }\n";
    let parts = r##"{ "limit/most": { "name": "limit", "in": "query", "schema": { "type": "integer", "maximum": 9 } },
        "Node": { "type": "object", "properties": { "next": { "$ref": "#/Node" }, "id": { "type": "string" } } } }"##;
    let imported = imported(&[("root.yaml", root), ("paths/a.yaml", path), ("parts.json", parts)]);
    let operation = &imported.operations["a"];
    assert_eq!((operation.http.path.as_str(), operation.request[0].name.as_str()), ("/a", "limit"));
    assert_eq!(operation.request[0].max, Some(9.into()));
    let fields = &operation.responses[0].fields;
    // The type holds itself: once it is known, then any JSON.
    assert_eq!(fields.iter().map(|field| field.kind).collect::<Vec<_>>(), [Type::Any, Type::String]);
    assert_eq!(
        ids(&imported),
        ["openapi-recursive", "openapi-reference", "openapi-reference-outside", "openapi-reference-outside"]
    );
    let facts = &imported.facts["a"];
    assert!(facts.iter().any(|fact| fact.path == "request.limit" && fact.page.ends_with("parts.json")));
}

#[test]
fn links_do_not_lead_out_of_the_folder() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.yaml"), "type: string\nenum: [secret]\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.path().join("secret.yaml"), folder.path().join("link.yaml")).unwrap();
    let text = "openapi: 3.1.0\ninfo: { title: A, version: '1' }\npaths: { /a: { get: { operationId: a, parameters: \
                [ { name: p, in: query, schema: { $ref: link.yaml } } ] } } }\n";
    fs::write(folder.path().join("a.yaml"), text).unwrap();
    let imported = import(&Source { files: vec![folder.path().join("a.yaml")], ..Source::default() });
    assert_eq!(imported.operations["a"].request[0].kind, Type::Any);
    assert_eq!(ids(&imported), ["openapi-reference-outside"]);
}

#[test]
fn other_versions_are_refused_with_the_remedy() {
    for (text, message) in [
        ("swagger: '2.0'\npaths: {}\n", "the document is Swagger 2.0"),
        ("openapi: 4.0.0\n", "the document is OpenAPI 4.0.0"),
        ("{}\n", "the document has no key `openapi`: it is no OpenAPI document"),
        ("[1]\n", "a list where an OpenAPI document belongs"),
    ] {
        let imported = imported(&[("a.yaml", text)]);
        assert_eq!(imported.run.findings[0].message, message);
        assert!(imported.operations.is_empty());
    }
    let swagger = imported(&[("a.yaml", "swagger: '2.0'\n")]);
    assert_eq!(swagger.run.findings[0].severity, Severity::Error);
    assert!(swagger.run.findings[0].help.as_deref().unwrap().contains("swagger2openapi"));
}

#[test]
fn keys_are_parameters_and_tokens_are_credentials() {
    let schemes = "components: { securitySchemes: { k: { type: apiKey, in: header, name: X-Key }, b: { type: http, scheme: \
                   bearer }, c: { type: apiKey, in: cookie, name: s } } }\n";
    let paths = "paths: { /a: { get: { operationId: a, security: [ { k: [], b: [], c: [] } ] } } }\n";
    let (spec, imported) = operation(&format!("{schemes}{paths}"));
    assert!(
        spec.contains("- name: X-Key\n  in: header\n  type: string\n  format: password\n  required: true\n"),
        "{spec}"
    );
    assert_eq!(ids(&imported), ["openapi-credentials", "openapi-security"]);
}

#[test]
fn parameters_go_on_the_wire_as_the_document_says() {
    let parameter = |rest: &str| format!("{{ name: p, {rest} }}");
    let array = "schema: { type: array, items: { type: string } }";
    let object = "schema: { type: object, properties: { a: { type: string }, b: { type: integer } } }";
    for (rest, expected) in [
        (format!("in: query, {array}"), "p query array None"),
        (format!("in: query, explode: false, {array}"), "p query array Some(Comma)"),
        (format!("in: query, style: pipeDelimited, {array}"), "p query string None"),
        (format!("in: path, required: true, {array}"), "p path string Some(Comma)"),
        (format!("in: header, {array}"), "p header array None"),
        (format!("in: query, content: {{ application/json: {{ {object} }} }}"), "p query object Some(Json)"),
        (format!("in: query, {object}"), "a query string None, b query integer None"),
        (format!("in: query, style: deepObject, {object}"), "p[a] query string None, p[b] query integer None"),
        (format!("in: cookie, {array}"), ""),
    ] {
        let parameters = parameter(&rest);
        let (_, imported) = operation(&format!(
            "paths: {{ '/x/{{p}}': {{ get: {{ operationId: a, parameters: [ {parameters} ] }} }} }}\n"
        ));
        let request = &imported.operations["a"].request;
        // Where the parameter is no path's, one is made up for the placeholder.
        let shown =
            request.iter().filter(|f| rest.contains("in: path") || f.location != Some(Location::Path)).map(|f| {
                let place = serde_json::to_value(f.location).unwrap();
                format!("{} {} {} {:?}", f.name, place.as_str().unwrap(), f.kind.word(), f.style)
            });
        assert_eq!(shown.collect::<Vec<_>>().join(", "), expected, "{rest}");
    }
}

#[test]
fn one_type_is_made_of_alternatives() {
    for (schema, expected, lossy) in [
        ("oneOf: [ { const: a, description: first }, { const: b } ]", "string a=first b", false),
        ("anyOf: [ { type: string, enum: [a] }, { type: 'null' } ]", "string a", false),
        ("oneOf: [ { type: integer }, { type: number } ]", "number", false),
        ("oneOf: [ { type: integer }, { type: string } ]", "any", true),
        ("type: [string, 'null']", "string", false),
        ("type: [string, integer]", "any", true),
        ("oneOf: [ { type: object, properties: { a: {} } }, { type: object, properties: { b: {} } } ]", "object", true),
        (
            "allOf: [ { type: object, properties: { a: {} } }, { required: [a], properties: { b: {} } } ]",
            "object",
            false,
        ),
        ("type: object\n                additionalProperties: { type: integer }", "map", false),
    ] {
        let (_, imported) = operation(&format!(
            "paths:\n  /x:\n    get:\n      operationId: a\n      parameters:\n      - name: p\n        in: query\n        \
             content:\n          application/json:\n              schema:\n                {schema}\n"
        ));
        let field = &imported.operations["a"].request[0];
        let values = field.values.iter().map(|value| match &value.description {
            Some(text) => format!(" {}={text}", value.value),
            None => format!(" {}", value.value),
        });
        assert_eq!(format!("{}{}", field.kind.word(), values.collect::<String>()), expected, "{schema}");
        let lost = imported.run.findings.iter().any(|f| matches!(f.id, "openapi-alternatives" | "openapi-types"));
        assert_eq!(lost, lossy, "{schema}");
    }
}

#[test]
fn what_grows_without_end_is_cut() {
    let mut wide = "openapi: 3.0.0\ninfo: { title: A, version: '1' }\ncomponents:\n  schemas:\n".to_owned();
    for n in 0..40 {
        let next = n + 1;
        let _ = writeln!(
            wide,
            "    S{n}: {{ type: object, properties: {{ a: {{ $ref: '#/components/schemas/S{next}' }}, b: {{ $ref: \
             '#/components/schemas/S{next}' }} }} }}"
        );
    }
    wide += "    S40: { type: string }\n    Loop: { $ref: '#/components/schemas/Loop' }\npaths:\n  /a:\n    get:\n      \
             operationId: a\n      responses:\n        '200': { description: d, content: { application/json: { schema: { \
             $ref: '#/components/schemas/S0' } } } }\n  /b: { get: { operationId: b, parameters: [ { name: p, in: query, \
             schema: { $ref: '#/components/schemas/Loop' } } ] } }\n";
    let imported = imported(&[("a.yaml", &wide)]);
    let ids = ids(&imported);
    assert!(ids.contains(&"openapi-too-large") && ids.contains(&"openapi-recursive"), "{ids:?}");
    assert_eq!(imported.operations["b"].request[0].kind, Type::Any);
}

#[test]
fn the_page_of_documentation_names_every_class() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.md")).unwrap();
    for class in loss::ALL {
        assert!(page.contains(&format!("| `{}` |", class.id)), "{}", class.id);
    }
}

/// What an import makes of an export, by way of the file's text.
fn round(service: &Service, operations: &BTreeMap<String, Operation>, json: bool) -> Imported {
    let exported = export(service, operations, None);
    let text = if json { exported.json() } else { exported.yaml() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(if json { "a.json" } else { "a.yaml" });
    fs::write(&path, text).unwrap();
    import(&Source { files: vec![path], ..Source::default() })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z]{1,6}",
        Just("true".to_owned()),
        Just("0012".to_owned()),
        Just(" x\n\ny: 中".to_owned()),
        "\\PC{0,12}"
    ]
}

fn field(depth: u32) -> BoxedStrategy<Field> {
    let kinds =
        [Type::String, Type::Integer, Type::Number, Type::Boolean, Type::Object, Type::Array, Type::Map, Type::Any];
    let facts = (
        "[a-zA-Z][a-z$/~ ]{0,5}",
        proptest::sample::select(kinds.to_vec()),
        proptest::option::of(text()),
        proptest::option::of(text()),
        proptest::option::of(prop_oneof![text(), Just("5".to_owned()), Just("2.50".to_owned())]),
        proptest::option::of(text()),
        proptest::sample::select(vec![None, Some(Required::Yes), Some(Required::No), Some(Required::Unknown)]),
        proptest::collection::vec(prop_oneof![text(), Just("1".to_owned()), Just("true".to_owned())], 0..3),
        proptest::option::of(-5_i64..5),
        proptest::sample::select(vec![
            None,
            Some(Style::Flat),
            Some(Style::Json),
            Some(Style::Comma),
            Some(Style::Repeat),
        ]),
        any::<bool>(),
    );
    let inner =
        if depth == 0 { Just(Vec::new()).boxed() } else { proptest::collection::vec(field(depth - 1), 0..3).boxed() };
    (facts, inner, proptest::option::of(any::<u64>()), proptest::option::of(-1e9_f64..1e9))
        .prop_map(|(facts, mut inner, count, bound)| {
            let (name, kind, format, description, default, example, required, values, min, style, deprecated) = facts;
            let items = (matches!(kind, Type::Array | Type::Map)).then(|| inner.pop().map(Box::new)).flatten();
            let items = items.map(|items| Box::new(Field { name: String::new(), ..*items }));
            let fields = if kind == Type::Object || deprecated { inner } else { Vec::new() };
            let values = values
                .into_iter()
                .map(|value| Value { description: example.clone(), value, deprecated, ..Value::default() })
                .collect();
            Field {
                name,
                kind,
                format,
                description,
                default,
                example,
                required,
                values,
                min: min.map(Into::into),
                max: bound.map(Into::into),
                max_length: count,
                style,
                deprecated,
                items,
                fields,
                required_when: min
                    .map(|n| Condition { parameter: "X".into(), equals: vec![n.to_string()], ..Condition::default() })
                    .into_iter()
                    .collect(),
                ..Field::default()
            }
        })
        .boxed()
}

fn spec() -> impl Strategy<Value = (Service, Operation)> {
    let places = [Location::Query, Location::Path, Location::Header, Location::Body, Location::Form];
    let protocols = [Protocol::AliyunRpc, Protocol::AliyunRoa, Protocol::HuaweiRest, Protocol::RestJson];
    let request =
        proptest::collection::vec((field(2), proptest::option::of(proptest::sample::select(places.to_vec()))), 0..6);
    (
        request,
        proptest::collection::vec(field(2), 0..4),
        proptest::sample::select(protocols.to_vec()),
        proptest::sample::select(vec!["/", "/a/{id}", "/a/{id}/b?x=1", "b"]),
        proptest::sample::select(vec!["GET", "POST", "PURGE"]),
        proptest::sample::select(vec![200_u16, 204, 400, 0]),
        proptest::option::of(text()),
    )
        .prop_map(|(request, fields, protocol, path, method, status, text)| {
            let request = request.into_iter().map(|(field, location)| Field { location, ..field }).collect();
            let errors = vec![
                ErrorCode { status: Some(400), code: "Bad".into(), message: text.clone(), ..ErrorCode::default() },
                ErrorCode { code: "Worse".into(), ..ErrorCode::default() },
            ];
            let operation = Operation {
                operation: "Do.It".into(),
                summary: text.clone(),
                http: Http { method: method.into(), path: path.into() },
                request,
                responses: vec![Response { status, description: text.clone(), fields }],
                errors: errors.clone(),
                ..Operation::default()
            };
            let endpoints = Endpoints {
                default: Some("https://a.example".into()),
                regional: Some("https://{region}.a.example".into()),
                regions: [("x".to_owned(), "https://x.example".to_owned())].into(),
            };
            let service = Service {
                service: "shop".into(),
                title: text,
                provider: "p".into(),
                protocol,
                endpoints,
                errors,
                ..Service::default()
            };
            (service, operation)
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn an_import_of_an_export_is_the_spec((service, operation) in spec(), json in any::<bool>()) {
        let operations: BTreeMap<_, _> = [(operation.operation.clone(), operation)].into();
        let back = round(&service, &operations, json);
        prop_assert_eq!(&back.service, &service);
        for (name, operation) in &operations {
            let back = back.operations.get(name).map(yaml::write).unwrap_or_default();
            prop_assert_eq!(back, yaml::write(operation));
        }
    }

    #[test]
    fn no_document_is_too_broken_to_import(edits in proptest::collection::vec((any::<prop::sample::Index>(), 0_usize..12), 1..12)) {
        let mut text = include_str!("../../../examples/openapi/orders.yaml").to_owned();
        for (at, edit) in edits {
            let at = text.floor_char_boundary(at.index(text.len().max(1)));
            let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            match edit {
                0 => text.replace_range(at..line_end, ""),
                1 => text.replace_range(at..line_end, " []"),
                2 => text.replace_range(at..line_end, " { $ref: '#/components/schemas/Order' }"),
                3 => text.replace_range(at..line_end, " { $ref: '#' }"),
                4 => text.insert(at, '\n'),
                5 => text.insert_str(at, ": "),
                6 => text.insert_str(at, "null"),
                7 => text.insert_str(at, "- "),
                8 => text.replace_range(at..line_end, " 1e400"),
                9 => text.truncate(at),
                10 => text.insert_str(at, "{}"),
                _ => text.insert(at, 'é'),
            }
        }
        let imported = imported(&[("a.yaml", &text)]);
        for operation in imported.operations.values() {
            let spec = yaml::write(operation);
            prop_assert!(yaml::read_operation(&spec, "x.yaml").is_ok(), "{spec}");
        }
    }
}
