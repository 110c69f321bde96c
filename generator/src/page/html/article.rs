//! Finds a page's article among what stands around it.

use std::collections::BTreeSet;

use super::tree::{Kind, Tree};

/// Names (`id`, or a word of `class`) that documentation sites commonly give to the part that holds the article, best
/// first. Elements `main` and `article` and the role `main` come before them.
const ARTICLE_NAMES: &[&str] = &[
    "markdown-body",
    "article-content",
    "article-body",
    "doc-content",
    "docs-content",
    "help-content",
    "topic-content",
    "main-content",
    "content-body",
    "documentation",
    "document",
    "body-content",
    "content",
    "main",
];
/// Names of parts that are never the article's.
const CHROME_NAMES: &[&str] = &[
    "sidebar",
    "breadcrumb",
    "breadcrumbs",
    "pagination",
    "cookie-banner",
    "site-header",
    "site-footer",
    "footer",
    "feedback",
    "toc",
    "top-nav",
    "menu",
    "skip-link",
];
/// An article holds at least one part in this many of the page's text.
const ARTICLE_SHARE: usize = 4;

/// Where the article is.
pub(super) struct Article {
    /// The page's title, where it stands outside the article.
    pub(super) titles: Vec<u32>,
    /// The parts of the article.
    pub(super) roots: Vec<u32>,
    /// What stands inside these and is no part of the article all the same: its path of links, buttons for comments.
    pub(super) chrome: BTreeSet<u32>,
}

/// Finds the article: the largest landmark that holds a good part of the page's text, else the page without its chrome.
pub(super) fn find(tree: &Tree, source: &str) -> Article {
    let weights = weigh(tree);
    let weight = |id: u32| weights.get(id as usize).map_or(0, |weight| weight.text);
    let total = weight(0);
    let mut best: Option<(usize, std::cmp::Reverse<usize>, u32)> = None;
    let mut last_title = None;
    let mut title_before_best = None;
    for (id, entering) in tree.walk() {
        if !entering {
            continue;
        }
        if tree.name(id) == "h1" {
            last_title = Some(id);
        }
        let Some(rank) = landmark(tree, id) else { continue };
        let candidate = (rank, std::cmp::Reverse(weight(id)), id);
        if weight(id) * ARTICLE_SHARE >= total && weight(id) > 0 && best.is_none_or(|best| candidate < best) {
            best = Some(candidate);
            title_before_best = last_title;
        }
    }
    let chrome = inner_chrome(tree, &weights);
    match best {
        Some((_, _, id)) => {
            let holds_title = weights.get(id as usize).is_some_and(|weight| weight.titles > 0);
            Article {
                titles: title_before_best.filter(|_| !holds_title).into_iter().collect(),
                roots: vec![id],
                chrome,
            }
        }
        None => Article { titles: Vec::new(), roots: without_chrome(tree, source, &weights), chrome },
    }
}

/// How an element is marked as the article, smaller being better.
fn landmark(tree: &Tree, id: u32) -> Option<usize> {
    if matches!(tree.name(id), "" | "html" | "body" | "head") {
        return None;
    }
    match tree.name(id) {
        "main" => return Some(0),
        "article" => return Some(1),
        _ if tree.attribute(id, "role") == Some("main") => return Some(0),
        _ => {}
    }
    names(tree, id).filter_map(|name| ARTICLE_NAMES.iter().position(|known| *known == name)).min().map(|at| at + 2)
}

fn names(tree: &Tree, id: u32) -> impl Iterator<Item = &str> {
    let class = tree.attribute(id, "class").unwrap_or("").split_whitespace();
    class.chain(tree.attribute(id, "id").map(str::trim))
}

fn is_chrome(tree: &Tree, id: u32) -> bool {
    matches!(tree.name(id), "nav" | "aside" | "footer" | "head")
        || matches!(tree.attribute(id, "role"), Some("navigation" | "banner" | "contentinfo" | "search"))
        || names(tree, id).any(|name| CHROME_NAMES.contains(&name))
}

/// Elements that are chrome wherever they stand, if they hold nothing of what articles are made of. An `id` may be made
/// of a title's words, so only classes count.
fn inner_chrome(tree: &Tree, weights: &[Weight]) -> BTreeSet<u32> {
    let is_inner = |id: u32| {
        let class = tree.attribute(id, "class").unwrap_or("");
        matches!(tree.name(id), "nav" | "footer")
            || tree.attribute(id, "role") == Some("navigation")
            || class.split_whitespace().any(|name| CHROME_NAMES.contains(&name))
    };
    let plain = |id: u32| weights.get(id as usize).is_some_and(|weight| weight.titles + weight.structures == 0);
    let entered = tree.walk().filter(|(_, entering)| *entering).map(|(id, _)| id);
    entered.filter(|id| is_inner(*id) && plain(*id)).collect()
}

/// What an element holds.
#[derive(Clone, Copy, Default)]
struct Weight {
    text: usize,
    linked: usize,
    links: usize,
    titles: usize,
    structures: usize,
}

fn weigh(tree: &Tree) -> Vec<Weight> {
    let mut weights: Vec<Weight> = Vec::new();
    let mut open: Vec<Weight> = Vec::new();
    let mut links = 0_usize;
    for (id, entering) in tree.walk() {
        let name = tree.name(id);
        if entering {
            links += usize::from(name == "x-a");
            let mut weight = Weight::default();
            if let Some(node) = tree.get(id)
                && matches!(node.kind, Kind::Text(_))
            {
                weight.text = node.span.len();
                weight.linked = if links > 0 { node.span.len() } else { 0 };
            }
            open.push(weight);
            continue;
        }
        let mut weight = open.pop().unwrap_or_default();
        match name {
            "x-a" => {
                links -= 1;
                weight.links += 1;
            }
            "script" | "style" | "head" | "noscript" => weight = Weight::default(),
            "h1" => weight.titles += 1,
            "table" | "pre" | "h2" | "h3" | "h4" => weight.structures += 1,
            _ => {}
        }
        if let Some(parent) = open.last_mut() {
            parent.text += weight.text;
            parent.linked += weight.linked;
            parent.links += weight.links;
            parent.titles += weight.titles;
            parent.structures += weight.structures;
        }
        if weights.len() <= id as usize {
            weights.resize(id as usize + 1, Weight::default());
        }
        if let Some(place) = weights.get_mut(id as usize) {
            *place = weight;
        }
    }
    weights
}

/// The parts of the body that are no chrome and not mostly links.
fn without_chrome(tree: &Tree, source: &str, weights: &[Weight]) -> Vec<u32> {
    let mut parent = tree.children(0).find(|(id, _)| tree.name(*id) == "html").map_or(0, |(id, _)| id);
    parent = tree.children(parent).find(|(id, _)| tree.name(*id) == "body").map_or(parent, |(id, _)| id);
    // A lone wrapper around everything is opened, so that the chrome inside it is met.
    while let Some(only) = only_wrapper(tree, source, parent) {
        parent = only;
    }
    let keeps = |id: u32| {
        let weight = weights.get(id as usize).copied().unwrap_or_default();
        let menu = weight.links > 3 && weight.linked * 5 > weight.text * 4 && weight.titles + weight.structures == 0;
        !is_chrome(tree, id) && !menu
    };
    tree.children(parent).map(|(id, _)| id).filter(|id| keeps(*id)).collect()
}

fn only_wrapper(tree: &Tree, source: &str, id: u32) -> Option<u32> {
    let mut children = tree.children(id).filter(|(_, node)| match &node.kind {
        Kind::Element(..) => true,
        Kind::Text(Some(text)) => !text.trim().is_empty(),
        Kind::Text(None) => !source.get(node.span.clone()).unwrap_or("").trim().is_empty(),
        Kind::Other => false,
    });
    let (only, _) = children.next()?;
    (children.next().is_none() && matches!(tree.name(only), "div" | "section")).then_some(only)
}
