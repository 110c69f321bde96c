//! How an operation gives a list in pages, as its parameters and its answer show it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::RegexSet;
use serde::Deserialize;

use super::{Field, Operation, Pagination, PaginationStyle, Type};

/// The words of `vocabulary/paging.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    position: BTreeMap<PaginationStyle, Vec<String>>,
    size: BTreeMap<PaginationStyle, Vec<String>>,
    next: String,
    total: Vec<String>,
    more: Vec<String>,
    beside: Vec<String>,
    descriptions: Descriptions,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Descriptions {
    #[serde(deserialize_with = "patterns")]
    page_number: RegexSet,
    #[serde(deserialize_with = "patterns")]
    moment: RegexSet,
    #[serde(deserialize_with = "patterns")]
    from_one: RegexSet,
    #[serde(deserialize_with = "patterns")]
    from_zero: RegexSet,
    usual_size: Vec<String>,
}

/// Regular expressions of a vocabulary.
pub(super) fn patterns<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<RegexSet, D::Error> {
    let sources = Vec::<String>::deserialize(deserializer)?;
    RegexSet::new(sources).map_err(serde::de::Error::custom)
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("../../vocabulary/paging.yaml")).expect("the vocabulary is tested")
});

static USUAL_SIZES: LazyLock<Vec<regex::Regex>> = LazyLock::new(|| {
    let sources = &WORDS.descriptions.usual_size;
    sources.iter().map(|source| regex::Regex::new(source).expect("the vocabulary is tested")).collect()
});

/// How an operation pages: as its spec says, else as its parameters and its answer show; none where it does not.
pub fn of(operation: &Operation) -> Option<Pagination> {
    match &operation.pagination {
        Some(said) => Some(said.clone()).filter(|said| said.style != PaginationStyle::None),
        None => find(operation),
    }
}

/// A place in an answer, and the names that lead to it.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    /// The names, from the answer's top.
    pub path: Vec<&'a str>,
    /// What is there.
    pub field: &'a Field,
}

impl Place<'_> {
    /// The names joined by dots, as in [`Pagination::items`].
    pub fn name(&self) -> String {
        self.path.join(".")
    }
}

/// The lists of an answer that are not within lists, in its order.
pub fn lists<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Vec<Place<'a>> {
    places(fields).into_iter().filter(|list| list.field.kind == Type::Array).collect()
}

/// Everything in an answer that is not within a list, in its order. Wrapped lists stand two deep; a third level is for
/// answers that are wrapped whole.
pub fn places<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Vec<Place<'a>> {
    fn walk<'a>(field: &'a Field, before: &[&'a str], out: &mut Vec<Place<'a>>) {
        let path: Vec<_> = before.iter().copied().chain([field.name.as_str()]).collect();
        if field.kind == Type::Object && path.len() < 3 {
            for inner in &field.fields {
                walk(inner, &path, out);
            }
        } else {
            out.push(Place { path, field });
        }
    }
    let mut out = Vec::new();
    for field in fields {
        walk(field, &[], &mut out);
    }
    out
}

/// The fields of an operation's answers of success.
pub fn answer(operation: &Operation) -> impl Iterator<Item = &Field> {
    operation.responses.iter().filter(|response| (200..300).contains(&response.status)).flat_map(|r| &r.fields)
}

/// The length of a page where the caller does not say.
pub fn usual_size(parameter: &Field) -> Option<i64> {
    let said = || {
        let text = parameter.description.as_deref()?;
        USUAL_SIZES.iter().find_map(|pattern| pattern.captures(text)?.name("size")?.as_str().parse().ok())
    };
    parameter.default.as_deref().and_then(|text| text.trim().parse().ok()).or_else(said).filter(|size| *size > 0)
}

fn find(operation: &Operation) -> Option<Pagination> {
    let members = places(answer(operation));
    let styles = [PaginationStyle::Token, PaginationStyle::Marker, PaginationStyle::Page, PaginationStyle::Offset];
    styles.into_iter().find_map(|style| {
        let position = parameter(operation, &WORDS.position, style)?;
        in_style(operation, style, position, &members)
    })
}

fn in_style(
    operation: &Operation,
    style: PaginationStyle,
    position: &Field,
    members: &[Place<'_>],
) -> Option<Pagination> {
    let items = items(operation, members);
    let named = |words: &[String]| {
        let found = words.iter().find_map(|word| members.iter().find(|member| plain(&member.field.name) == *word));
        found.filter(|member| scalar(member.field)).map(Place::name)
    };
    let next = next(position, members);
    let any_list = members.iter().any(|member| member.field.kind == Type::Array);
    let says = |set: &RegexSet| position.description.as_deref().is_some_and(|text| set.is_match(text));
    let (style, next) = match (style, next) {
        // Whatever a position is called, an answer that gives the next one leads on.
        (_, Some(next)) => (PaginationStyle::Token, Some(next)),
        (PaginationStyle::Token | PaginationStyle::None, None) => return None,
        (PaginationStyle::Marker, None) => (style, Some(marked_by(position, items.as_ref()?)?)),
        (PaginationStyle::Offset, None) if says(&WORDS.descriptions.page_number) => (PaginationStyle::Page, None),
        (PaginationStyle::Page | PaginationStyle::Offset, None) => (style, None),
    };
    if next.is_none() && !any_list {
        return None;
    }
    let size = parameter(operation, &WORDS.size, style);
    // A start alone may be anything; what a page is cut off by shows that it is a place in a list.
    if style == PaginationStyle::Offset && (size.is_none() || says(&WORDS.descriptions.moment)) {
        return None;
    }
    let says_first = match position.default.as_deref().map(str::trim) {
        Some("0") => Some(0),
        Some("1") => Some(1),
        _ if says(&WORDS.descriptions.from_zero) => Some(0),
        _ if says(&WORDS.descriptions.from_one) => Some(1),
        _ => None,
    };
    let (usual, counted) = match style {
        PaginationStyle::Page => (1, true),
        PaginationStyle::Offset => (0, true),
        _ => (0, false),
    };
    // Of two ways to page, the one that the size is not of is what the service does when asked for neither.
    let both =
        style == PaginationStyle::Token && parameter(operation, &WORDS.position, PaginationStyle::Page).is_some();
    Some(Pagination {
        style,
        position: Some(position.name.clone()),
        first: says_first.filter(|first| counted && *first != usual),
        size: size.map(|field| field.name.clone()),
        sends_size: both && size.is_some_and(|size| usual_size(size).is_some()),
        items: items.map(|list| list.name()),
        next,
        total: named(&WORDS.total).filter(|_| counted),
        more: named(&WORDS.more),
    })
}

fn parameter<'a>(
    operation: &'a Operation,
    words: &BTreeMap<PaginationStyle, Vec<String>>,
    style: PaginationStyle,
) -> Option<&'a Field> {
    let fits = |field: &&Field, word: &str| scalar(field) && plain(&field.name) == word;
    words.get(&style)?.iter().find_map(|word| operation.request.iter().find(|field| fits(field, word)))
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

fn scalar(field: &Field) -> bool {
    let moment = matches!(field.format.as_deref(), Some("date-time" | "date"));
    !moment && !matches!(field.kind, Type::Object | Type::Array | Type::Map)
}

/// Where the answer gives the next position.
fn next(position: &Field, members: &[Place<'_>]) -> Option<String> {
    let name = plain(&position.name);
    let bare = name.strip_prefix(WORDS.next.as_str()).unwrap_or(&name);
    let wanted = format!("{}{bare}", WORDS.next);
    let found = members.iter().find(|member| scalar(member.field) && plain(&member.field.name) == wanted);
    found.map(Place::name)
}

/// The list that the operation is about: the only one, the outermost, or the one that the operation is named after.
fn items<'a>(operation: &Operation, members: &[Place<'a>]) -> Option<Place<'a>> {
    let of_objects = |list: &&Place<'_>| list.field.items.as_deref().is_some_and(|items| items.kind == Type::Object);
    let lists: Vec<_> = members.iter().filter(|list| list.field.kind == Type::Array).collect();
    let known: BTreeSet<String> = lists.iter().map(|list| plain(&list.field.name)).collect();
    let beside = |list: &&&Place<'_>| {
        let name = plain(&list.field.name);
        let mut owners = WORDS.beside.iter().filter_map(|ending| name.strip_suffix(ending.as_str()));
        owners.any(|owner| known.contains(owner))
    };
    let lists: Vec<_> = lists.iter().filter(|list| !beside(list)).copied().collect();
    let mut candidates: Vec<_> = lists.iter().copied().filter(of_objects).collect();
    if candidates.is_empty() {
        candidates = lists;
    }
    let outermost = candidates.iter().map(|list| list.path.len()).min()?;
    let mut outer = candidates.iter().filter(|list| list.path.len() == outermost);
    if let (Some(one), None) = (outer.next(), outer.next()) {
        return Some((*one).clone());
    }
    let operation = plain(&operation.operation);
    let named = |list: &&Place<'_>| {
        let names = list.path.iter().map(|name| plain(name));
        names.filter(|name| operation.contains(name.trim_end_matches('s'))).map(|name| name.len()).max()
    };
    let best = candidates.iter().filter_map(&named).max()?;
    let mut of_best = candidates.into_iter().filter(|list| named(list) == Some(best));
    of_best.next().filter(|_| of_best.next().is_none()).cloned()
}

/// The field of an item that a marker is: the longest that the marker's description names, else the item's id.
fn marked_by(position: &Field, items: &Place<'_>) -> Option<String> {
    let fields = &items.field.items.as_deref()?.fields;
    let text = position.description.as_deref().unwrap_or_default().to_ascii_lowercase();
    let words: Vec<_> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let fits = |field: &&Field| scalar(field) && field.name.to_ascii_lowercase().ends_with("id");
    let said = fields.iter().filter(fits).filter(|field| words.contains(&field.name.to_ascii_lowercase().as_str()));
    let field = said.max_by_key(|field| field.name.len());
    let field = field.or_else(|| fields.iter().find(|field| field.name.eq_ignore_ascii_case("id")))?;
    Some(format!("{}[].{}", items.name(), field.name))
}

/// The keys of an operation's [`Pagination`] that name something that is not there, with what they name.
pub(super) fn astray(operation: &Operation) -> Vec<(&'static str, String)> {
    let Some(said) = operation.pagination.as_ref().filter(|said| said.style != PaginationStyle::None) else {
        return Vec::new();
    };
    let members: Vec<_> = places(answer(operation)).iter().map(Place::name).collect();
    let parameter = |name: &str| operation.request.iter().any(|field| field.name == name && scalar(field));
    let place = |name: &str| members.iter().any(|member| member == name);
    let next = |name: &str| {
        let list = name.split_once("[].").and_then(|(list, field)| {
            let list = lists(answer(operation)).into_iter().find(|known| known.name() == list)?;
            list.field.items.as_deref()?.fields.iter().find(|known| known.name == field)
        });
        if said.style == PaginationStyle::Marker { list.is_some() } else { place(name) }
    };
    let needs_next = matches!(said.style, PaginationStyle::Token | PaginationStyle::Marker);
    let checks = [
        ("position", &said.position, said.position.as_deref().is_some_and(parameter), true),
        ("size", &said.size, said.size.as_deref().is_some_and(parameter), false),
        ("items", &said.items, said.items.as_deref().is_some_and(place), false),
        ("next", &said.next, said.next.as_deref().is_some_and(next), needs_next),
        ("total", &said.total, said.total.as_deref().is_some_and(place), false),
        ("more", &said.more, said.more.as_deref().is_some_and(place), false),
    ];
    let wrong = checks.into_iter().filter(|(_, name, holds, needed)| !holds && (name.is_some() || *needed));
    wrong.map(|(key, name, ..)| (key, name.clone().unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::yaml;

    #[track_caller]
    fn test(request: &str, answer: &str, expected: &str) {
        let source = format!(
            "operation: ListThings\nhttp: {{ method: POST, path: / }}\nrequest: [{request}]\n\
             responses: [{{ status: 200, fields: [{answer}] }}]\n"
        );
        let operation: Operation = yaml::read(&source, "x.yaml").unwrap_or_else(|error| panic!("{error:?}\n{source}"));
        let found = of(&operation).map(|found| serde_json::to_value(found).unwrap().to_string()).unwrap_or_default();
        assert_eq!(found.replace('"', ""), expected);
    }

    const THINGS: &str = "{ name: Things, type: object, fields: [{ name: Thing, type: array, items: { type: object, \
                          fields: [{ name: id, type: string }, { name: ThingId, type: string }] } }] }";

    fn parameters(names: &str) -> String {
        let one = |name| format!("{{ name: {name}, in: query, type: integer }}, ");
        names.split(' ').map(one).collect::<Vec<_>>().concat()
    }

    #[test]
    fn styles_are_found_by_parameters_and_answers() {
        let total = format!("{THINGS}, {{ name: TotalRecordCount, type: integer }}");
        test(
            &parameters("PageNumber PageSize"),
            &total,
            "{style:page,position:PageNumber,size:PageSize,items:Things.Thing,total:TotalRecordCount}",
        );
        test(&parameters("offset limit"), THINGS, "{style:offset,position:offset,size:limit,items:Things.Thing}");
        let next = format!("{THINGS}, {{ name: NextToken, type: string }}, {{ name: IsTruncated, type: boolean }}");
        test(
            &parameters("NextToken MaxResults"),
            &next,
            "{style:token,position:NextToken,size:MaxResults,items:Things.Thing,next:NextToken,more:IsTruncated}",
        );
        let page_info =
            format!("{THINGS}, {{ name: page_info, type: object, fields: [{{ name: next_marker, type: string }}] }}");
        let expected = "{style:token,position:marker,size:limit,items:Things.Thing,next:page_info.next_marker}";
        test(&parameters("marker limit"), &page_info, expected);
        let numbered = format!("{THINGS}, {{ name: NextOffset, type: integer }}");
        test(&parameters("Offset"), &numbered, "{style:token,position:Offset,items:Things.Thing,next:NextOffset}");
    }

    #[test]
    fn links_beside_a_list_are_none_of_its_items() {
        let list = |name: &str, field: &str| {
            format!(
                "{{ name: {name}, type: array, items: {{ type: object, fields: [{{ name: {field}, type: string }}] }} }}"
            )
        };
        let marker = "{ name: marker, in: query, type: string, description: The query starts from its next ID. }";
        let both = format!("{}, {}", list("servers", "id"), list("servers_links", "href"));
        test(marker, &both, "{style:marker,position:marker,items:servers,next:servers[].id}");
        test(
            marker,
            &list("servers_links", "id"),
            "{style:marker,position:marker,items:servers_links,next:servers_links[].id}",
        );
        test(marker, &format!("{}, {}", list("servers", "id"), list("images", "id")), "");
    }

    #[test]
    fn markers_are_the_field_that_the_page_names() {
        let expected =
            |field: &str| format!("{{style:marker,position:marker,items:Things.Thing,next:Things.Thing[].{field}}}");
        test(&parameters("marker"), THINGS, &expected("id"));
        let marker = "{ name: marker, in: query, type: string, description: the ThingId of the last record }";
        test(marker, THINGS, &expected("ThingId"));
    }

    #[test]
    fn descriptions_say_where_pages_begin() {
        let described =
            |name: &str, text: &str| format!("{{ name: {name}, in: query, type: integer, description: '{text}' }}");
        let page = "{style:page,position:offset,items:Things.Thing}";
        test(&described("offset", "Specifies the page offset, such as 1, 2, 3."), THINGS, page);
        let from_one = "{style:offset,position:start,first:1,size:limit,items:Things.Thing}";
        let start = format!("{}, {{ name: limit, in: query, type: integer }}", described("start", "Default is 1."));
        test(&start, THINGS, from_one);
        let from_zero = "{style:page,position:PageNum,first:0,items:Things.Thing}";
        test(&described("PageNum", "页码，从 0 开始。"), THINGS, from_zero);
    }

    #[test]
    fn what_does_not_list_does_not_page() {
        test(&parameters("PageNumber PageSize"), "{ name: RequestId, type: string }", "");
        test(&parameters("NextToken"), THINGS, "");
        test(&parameters("BackupRateLimit"), THINGS, "");
        test(&parameters("start"), THINGS, "");
        let moment = "{ name: start, in: query, type: integer, description: The start time in ms. }, ";
        test(&format!("{moment}{}", parameters("limit")), THINGS, "");
        let moment = "{ name: start, in: query, type: string, format: date-time }, ";
        test(&format!("{moment}{}", parameters("limit")), THINGS, "");
        test("{ name: Offset, in: query, type: array, items: { type: string } }", THINGS, "");
    }

    #[test]
    fn of_several_lists_the_outermost_counts_and_the_one_the_operation_is_named_after() {
        let list = |name: &str| format!("{{ name: {name}, type: array, items: {{ type: object }} }}");
        let items = |items: &str| format!("{{style:page,position:PageNumber,items:{items}}}");
        test(&parameters("PageNumber"), &format!("{}, {THINGS}", list("Tags")), &items("Tags"));
        test(&parameters("PageNumber"), &format!("{}, {}", list("Tags"), list("Things")), &items("Things"));
        let neither = "{style:page,position:PageNumber}";
        test(&parameters("PageNumber"), &format!("{}, {}", list("Big"), list("Hot")), neither);
        let names = "{ name: Names, type: array, items: { type: string } }";
        test(&parameters("PageNumber"), names, &items("Names"));
    }

    #[test]
    fn both_ways_to_page_need_the_size() {
        let next = format!("{THINGS}, {{ name: NextToken, type: string }}");
        let size =
            "{ name: MaxResults, in: query, type: integer, description: 'Maximum value: 100. Default value: 10.' }";
        test(
            &format!("{}{size}", parameters("PageNumber PageSize NextToken")),
            &next,
            "{style:token,position:NextToken,size:MaxResults,sends_size:true,items:Things.Thing,next:NextToken}",
        );
    }

    #[test]
    fn the_spec_has_the_last_word() {
        let source = |pagination: &str| {
            format!(
                "operation: A\nhttp: {{ method: POST, path: / }}\nrequest: [{}]\n\
                 responses: [{{ status: 200, fields: [{THINGS}] }}]\npagination: {pagination}\n",
                parameters("PageNumber Size")
            )
        };
        let read = |pagination: &str| -> Operation { yaml::read(&source(pagination), "x.yaml").unwrap() };
        assert_eq!(of(&read("{ style: none }")), None);
        let said = read("{ style: page, position: Size, items: Things.Thing }");
        assert_eq!(of(&said).and_then(|found| found.position).as_deref(), Some("Size"));
        assert_eq!(astray(&said), []);
        let wrong = read("{ style: token, size: Sice, items: Things.Thong, total: Things.Thing }");
        let keys: Vec<_> = astray(&wrong).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["position", "size", "items", "next"]);
    }

    #[test]
    fn usual_sizes_are_read_from_prose() {
        for (text, expected) in [
            ("Valid values: 1 to 100. Default value: 10.", Some(10)),
            ("取值：30、50、100，默认值：30。", Some(30)),
            ("If this parameter is not specified, 10 records are displayed on each page by default.", Some(10)),
            ("The parameter value is 10 by default if it is not specified.", Some(10)),
            ("Each page contains 25 ECSs by default, and a maximum of 1000.", Some(25)),
            ("Number of items displayed on each page.", None),
            ("Default value: 0", None),
        ] {
            let field = Field { description: Some(text.to_owned()), ..Field::default() };
            assert_eq!(usual_size(&field), expected, "{text}");
        }
    }
}
