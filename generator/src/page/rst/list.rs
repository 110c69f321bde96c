//! Bulleted, numbered and definition lists.

use super::blocks::Reader;
use super::lines::{Slice, dedent};
use crate::page::{Block, ListItem, Span};

/// How an item begins: the list's kind and how many columns its marker takes.
pub(super) fn marker(text: &str) -> Option<(bool, usize)> {
    let mut chars = text.char_indices();
    let (_, first) = chars.next()?;
    let gap = |after: usize| -> Option<usize> {
        let rest = text.get(after..)?;
        let gap = rest.len() - rest.trim_start_matches(' ').len();
        if rest.is_empty() { Some(after) } else { (gap > 0).then_some(after + gap) }
    };
    if matches!(first, '-' | '*' | '+' | '•' | '‣' | '⁃') {
        return gap(first.len_utf8()).map(|width| (false, width));
    }
    let open = usize::from(first == '(');
    let rest = text.get(open..)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).take(4).count();
    let number = match rest.as_bytes() {
        _ if digits > 0 => digits,
        [b'#', ..] => 1,
        [letter, b'.' | b')', ..] if letter.is_ascii_alphabetic() => 1,
        _ => return None,
    };
    let closes = matches!((open, rest.as_bytes().get(number)?), (_, b')') | (0, b'.'));
    let after = open + number + 1;
    if !closes || text.len() == after {
        return None;
    }
    gap(after).map(|width| (true, width))
}

impl<'a> Reader<'a> {
    /// Reads a list that begins at the first line; gives it with how many lines it takes.
    pub(super) fn list(&self, lines: &[Slice<'a>], ordered: bool, depth: usize) -> (Block<'a>, usize) {
        let mut items = Vec::new();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let Some((kind, width)) = marker(line.text) else { break };
            if kind != ordered {
                break;
            }
            let body = at + 1 + super::blocks::indented(lines.get(at + 1..).unwrap_or(&[]));
            let mut inner = vec![line.from(width)];
            inner.extend(dedent(lines.get(at + 1..body).unwrap_or(&[])));
            let last =
                lines.get(at..body).and_then(|lines| lines.iter().rfind(|line| !line.is_blank())).unwrap_or(line);
            let span = Span::new(line.start..last.end());
            items.push(ListItem { blocks: self.blocks(&inner, depth + 1), span });
            at = body;
            at += lines.get(at..).unwrap_or(&[]).iter().take_while(|line| line.is_blank()).count();
        }
        (Block::List { ordered, items }, at.max(1))
    }

    /// Reads terms, each with an indented definition right below.
    pub(super) fn definitions(&self, lines: &[Slice<'a>], depth: usize) -> (Block<'a>, usize) {
        let mut items = Vec::new();
        let mut at = 0;
        while let (Some(term), Some(next)) = (lines.get(at), lines.get(at + 1)) {
            if term.is_blank() || term.indent() > 0 || next.is_blank() || next.indent() == 0 {
                break;
            }
            let end = at + 1 + super::blocks::indented(lines.get(at + 1..).unwrap_or(&[]));
            let body = lines.get(at + 1..end).unwrap_or(&[]);
            let mut blocks: Vec<_> = self.text(std::slice::from_ref(term)).map(Block::Paragraph).into_iter().collect();
            blocks.extend(self.blocks(&dedent(body), depth + 1));
            let last = body.iter().rfind(|line| !line.is_blank()).unwrap_or(term);
            items.push(ListItem { blocks, span: Span::new(term.start..last.end()) });
            at = end;
            at += lines.get(at..).unwrap_or(&[]).iter().take_while(|line| line.is_blank()).count();
        }
        (Block::List { ordered: false, items }, at.max(1))
    }
}
