//! The links of Markdown files.

use std::fs;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Where the links of a text lead, in their order.
pub(crate) fn of(text: &str) -> Vec<String> {
    let links = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}

/// The anchors of a text's headings, as mdBook and GitHub make them.
fn anchors(text: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    *heading += &words;
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let words = heading.take().unwrap_or_default().to_lowercase();
                let kept = words.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
                anchors.push(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
            }
            _ => {}
        }
    }
    anchors
}

/// The links of a page, to files and headings of this repository, that lead nowhere.
pub(crate) fn broken(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap();
    let here = page.parent().unwrap();
    let leads_nowhere = |link: &String| {
        let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
        let target = if file.is_empty() { page.to_owned() } else { here.join(file) };
        let is_page = target.extension().is_some_and(|ending| ending == "md");
        let has_anchor =
            |target: &Path| anchors(&fs::read_to_string(target).unwrap()).iter().any(|known| known == anchor);
        !target.exists() || (is_page && !anchor.is_empty() && !has_anchor(&target))
    };
    let is_ours = |link: &String| !link.contains("://") && !link.starts_with("mailto:");
    let found = of(&text).into_iter().filter(is_ours).filter(leads_nowhere);
    found.map(|link| format!("{}: {link}", page.display())).collect()
}
