//! From pulldown-cmark's events to blocks.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};

use crate::page::html::read_piece;
use crate::page::inline::{Mark, TextBuilder};
use crate::page::{Block, ListItem, Span};

/// How deep lists and quotes may nest; what is deeper joins its parent.
const MAX_DEPTH: usize = 64;
/// Bold words at the beginning of a paragraph that set it apart as a note.
const NOTE_LABELS: &[&str] = &[
    "note",
    "notes",
    "notice",
    "important",
    "warning",
    "caution",
    "tip",
    "attention",
    "说明",
    "注意",
    "警告",
    "重要",
    "提示",
];
/// Tags that mark text and are no text themselves; an angle bracket around any other word is text.
const INLINE_TAGS: &[&str] = &[
    "a", "b", "strong", "code", "i", "em", "u", "s", "del", "ins", "sub", "sup", "span", "font", "br", "p", "div",
    "img", "kbd", "small", "big", "tt", "hr", "center",
];

/// What blocks under way are for.
enum Frame<'a> {
    List { ordered: bool, items: Vec<ListItem<'a>> },
    Item(Span),
    Quote,
}

struct Flow<'a> {
    source: &'a str,
    text: TextBuilder<'a>,
    /// The blocks of the page, then those of each open frame.
    blocks: Vec<Vec<Block<'a>>>,
    frames: Vec<Frame<'a>>,
    anchors: Vec<Cow<'a, str>>,
    /// Frames left out for their depth.
    skipped: usize,
    code: Option<(Option<Cow<'a, str>>, Cow<'a, str>, Span)>,
    /// Marks that inline HTML opened.
    html_marks: Vec<&'static str>,
}

/// Reads the Markdown at `range` of a page.
pub(super) fn read_prose<'a>(source: &'a str, range: Range<usize>, out: &mut Vec<Block<'a>>) {
    let Some(text) = source.get(range.clone()) else { return };
    if text.trim().is_empty() {
        return;
    }
    let mut flow = Flow {
        source,
        text: TextBuilder::new(source),
        blocks: vec![Vec::new()],
        frames: Vec::new(),
        anchors: Vec::new(),
        skipped: 0,
        code: None,
        html_marks: Vec::new(),
    };
    let parser = Parser::new_ext(text, Options::ENABLE_HEADING_ATTRIBUTES);
    for (event, place) in parser.into_offset_iter() {
        flow.event(event, place.start + range.start..place.end + range.start);
    }
    flow.flush();
    while !flow.frames.is_empty() {
        flow.close_frame();
    }
    out.append(&mut flow.blocks.pop().unwrap_or_default());
}

fn cow(text: CowStr<'_>) -> Cow<'_, str> {
    match text {
        CowStr::Borrowed(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.into_string()),
    }
}

impl<'a> Flow<'a> {
    fn event(&mut self, event: Event<'a>, place: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, place),
            Event::End(tag) => self.end(tag, place),
            Event::Text(text) if self.code.is_some() => self.code_text(text),
            Event::Text(text) => self.words(&text, place),
            Event::Code(text) => {
                self.text.open(Mark::Code);
                let inner = self.source.get(place.clone()).and_then(|raw| raw.find(&*text));
                match inner {
                    Some(at) => self.text.push_source(place.start + at..place.start + at + text.len()),
                    None => self.text.push_decoded(&text, place),
                }
                self.text.close();
            }
            Event::InlineHtml(tag) => self.inline_html(&tag, place),
            Event::SoftBreak => self.text.space(),
            Event::HardBreak | Event::Rule => self.flush(),
            _ => {}
        }
    }

    fn words(&mut self, text: &str, place: Range<usize>) {
        if self.source.get(place.clone()) == Some(text) {
            self.text.push_source(place);
        } else {
            self.text.push_decoded(text, place);
        }
    }

    fn push(&mut self, block: Block<'a>) {
        if let Some(blocks) = self.blocks.last_mut() {
            blocks.push(block);
        }
    }

    fn flush(&mut self) {
        let Some(text) = self.text.finish() else { return };
        self.anchors.clear();
        let label =
            text.strong.first().filter(|range| range.start == 0).and_then(|range| text.content.get(range.clone()));
        let label = label.map(|label| label.trim_end_matches([':', '：', ' ']).to_lowercase());
        let is_note = label.is_some_and(|label| NOTE_LABELS.contains(&label.as_str()));
        let in_quote = matches!(self.frames.last(), Some(Frame::Quote));
        let paragraph = Block::Paragraph(text);
        self.push(if is_note && !in_quote { Block::Note(vec![paragraph]) } else { paragraph });
    }

    fn open_frame(&mut self, frame: Frame<'a>) {
        self.flush();
        if self.frames.len() >= MAX_DEPTH {
            self.skipped += 1;
            return;
        }
        self.frames.push(frame);
        self.blocks.push(Vec::new());
    }

    fn close_frame(&mut self) {
        self.flush();
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        let mut blocks = self.blocks.pop().unwrap_or_default();
        match frame {
            Frame::Quote if blocks.is_empty() => {}
            Frame::Quote => self.push(Block::Note(blocks)),
            Frame::List { ordered, items } => self.push(Block::List { ordered, items }),
            Frame::Item(span) => match self.frames.last_mut() {
                Some(Frame::List { items, .. }) => items.push(ListItem { blocks, span }),
                _ => {
                    if let Some(parent) = self.blocks.last_mut() {
                        parent.append(&mut blocks);
                    }
                }
            },
        }
    }

    fn start(&mut self, tag: Tag<'a>, place: Range<usize>) {
        match tag {
            Tag::Heading { id, .. } => {
                self.flush();
                self.anchors.extend(id.map(cow));
            }
            Tag::BlockQuote(_) => self.open_frame(Frame::Quote),
            Tag::List(number) => self.open_frame(Frame::List { ordered: number.is_some(), items: Vec::new() }),
            Tag::Item => {
                let length = self.source.get(place.clone()).map_or(0, |text| text.trim_end().len());
                self.open_frame(Frame::Item(Span::new(place.start..place.start + length)));
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                let language = match kind {
                    CodeBlockKind::Fenced(language) if !language.trim().is_empty() => Some(cow(language)),
                    _ => None,
                };
                let length = self.source.get(place.clone()).map_or(0, |text| text.trim_end().len());
                self.code = Some((language, Cow::Borrowed(""), Span::new(place.start..place.start + length)));
            }
            Tag::HtmlBlock => {
                self.flush();
                for block in read_piece(self.source, place) {
                    self.push(block);
                }
            }
            Tag::Strong => self.text.open(Mark::Strong),
            Tag::Link { dest_url, .. } => self.text.open(Mark::Link(cow(dest_url))),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, place: Range<usize>) {
        match tag {
            TagEnd::Heading(level) => {
                let mut anchors = std::mem::take(&mut self.anchors);
                let content_end = self.source.get(place).and_then(|raw| stray_attributes(raw));
                if let Some(mut text) = self.text.finish() {
                    if let Some(id) = content_end {
                        anchors.extend(id);
                        if let Some(at) = text.content.rfind('{') {
                            let kept = text.content.get(..at).unwrap_or("").trim_end().len();
                            match &mut text.content {
                                Cow::Borrowed(content) => *content = content.get(..kept).unwrap_or(""),
                                Cow::Owned(content) => content.truncate(kept),
                            }
                            text.links.retain(|link| link.range.end <= kept);
                            text.code.retain(|range| range.end <= kept);
                            text.strong.retain(|range| range.end <= kept);
                        }
                    }
                    self.push(Block::Heading { level: level as u8, text, anchors });
                }
            }
            TagEnd::Paragraph => self.flush(),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.close_frame(),
            TagEnd::CodeBlock => {
                if let Some((language, text, span)) = self.code.take() {
                    self.push(Block::Code { language, text, span });
                }
            }
            TagEnd::Strong | TagEnd::Link => self.text.close(),
            _ => {}
        }
    }

    fn code_text(&mut self, text: CowStr<'a>) {
        let Some((_, code, _)) = &mut self.code else { return };
        if code.is_empty() {
            *code = cow(text);
        } else {
            code.to_mut().push_str(&text);
        }
    }

    fn inline_html(&mut self, tag: &str, place: Range<usize>) {
        let inner = tag.trim_start_matches(['<', '/']);
        let name: String =
            inner.chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let Some(name) = INLINE_TAGS.iter().find(|known| **known == name).copied() else {
            if !tag.starts_with("<!--") {
                self.words(tag, place);
            }
            return;
        };
        let closes = tag.starts_with("</");
        match name {
            "br" | "p" | "div" | "hr" => self.flush(),
            "a" if !closes => {
                let value = |key: &str| attribute(tag, key).map(|value| Cow::Owned(value.to_owned()));
                self.anchors.extend(value("name").or_else(|| value("id")));
                if let Some(target) = value("href") {
                    self.text.open(Mark::Link(target));
                    self.html_marks.push(name);
                }
            }
            "b" | "strong" if !closes => {
                self.text.open(Mark::Strong);
                self.html_marks.push(name);
            }
            "code" | "tt" | "kbd" if !closes => {
                self.text.open(Mark::Code);
                self.html_marks.push(name);
            }
            _ if closes && self.html_marks.last() == Some(&name) => {
                self.html_marks.pop();
                self.text.close();
            }
            _ => {}
        }
    }
}

/// An attribute of a tag as written.
fn attribute<'t>(tag: &'t str, key: &str) -> Option<&'t str> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.find(&format!("{key}="))? + key.len() + 1;
    let rest = tag.get(at..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    match quote {
        Some(quote) => rest.get(1..)?.split(quote).next(),
        None => rest.split([' ', '>', '/']).next(),
    }
}

/// The id of attributes like `{ #id .section}` that stayed in a heading's text, if there are such.
fn stray_attributes(raw: &str) -> Option<Option<Cow<'static, str>>> {
    let inner = raw.trim_end().trim_end_matches('#').trim_end().strip_suffix('}')?;
    let (_, inner) = inner.rsplit_once('{')?;
    let known = inner.split_whitespace().all(|word| word.starts_with(['#', '.']));
    let id = inner.split_whitespace().find_map(|word| word.strip_prefix('#'));
    (known && !inner.trim().is_empty()).then(|| id.map(|id| Cow::Owned(id.to_owned())))
}
