//! Where in a list one is, and whether it goes on.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::error::{Cause, Error};
use crate::input::Input;
use crate::record::{Record, Slot};
use crate::schema::{Operation, Paging, PagingStyle};

/// What comes after a page.
#[derive(Debug)]
pub(super) enum Turn {
    /// Another page, which the input now asks for.
    On,
    /// Nothing: it was the last.
    Last,
    /// Nothing, and the page is the one before once more: some services answer so behind the last; of others, which
    /// say that there are more items, it is an error.
    Again(Option<Error>),
    /// The service leads in a circle behind the page.
    Astray(Error),
}

/// Where in a list one is.
#[derive(Debug)]
pub(super) struct Position {
    /// The number that the position parameter holds, where it holds one.
    number: i64,
    /// Items up to here, those on pages left out at the beginning included.
    seen: i64,
    /// How long a page is unless it is the last, where that is certain.
    full: Option<i64>,
    /// The page before.
    print: Option<u64>,
    circle: Circle,
}

/// Finds that a row of tokens goes in a circle, with the memory of one token: each is compared with a token from before
/// that is replaced after 1, 2, 4, 8… others (Brent's algorithm).
#[derive(Debug, Default)]
struct Circle {
    kept: Option<String>,
    since: u64,
    length: u64,
}

impl Circle {
    fn closes_with(&mut self, token: &str) -> bool {
        if self.kept.as_deref() == Some(token) {
            return true;
        }
        if self.since == self.length {
            self.kept = Some(token.to_owned());
            self.length = (self.length * 2).max(1);
            self.since = 0;
        }
        self.since += 1;
        false
    }
}

impl Position {
    /// The first page, with what the caller set.
    pub(super) fn begin(paging: &Paging, operation: &Operation, input: &mut Input) -> Result<Self, Error> {
        let name = |index: usize| operation.parameters.get(index).map_or("", |parameter| parameter.name);
        let given = paging.size.and_then(|size| Some((size, input.text(size)?)));
        let given = match given {
            None => None,
            Some((size, text)) => match text.trim().parse::<i64>() {
                Ok(number) if number > 0 => Some(number),
                _ => {
                    let message = format!("{}: `{}` must be at least 1 where pages follow", operation.name, name(size));
                    return Err(Error::invalid_request(message));
                }
            },
        };
        if let (Some(size), Some(usual), None, true) = (paging.size, paging.usual_size, given, paging.sends_size) {
            input.integer(size, usual);
        }
        let start = input.text(paging.position).filter(|text| !text.is_empty());
        let counts = matches!(paging.style, PagingStyle::Page | PagingStyle::Offset);
        let number = match &start {
            Some(text) if counts => text.trim().parse().map_err(|_| {
                let message = format!("{}: `{}` must be a whole number", operation.name, name(paging.position));
                Error::invalid_request(message)
            })?,
            _ => paging.first,
        };
        let mut circle = Circle::default();
        if let Some(text) = start.filter(|_| !counts) {
            circle.closes_with(&text);
        }
        let before = number.saturating_sub(paging.first).max(0);
        let seen = match (paging.style, given.or(paging.usual_size)) {
            (PagingStyle::Offset, _) => before,
            (PagingStyle::Page, Some(size)) => before.saturating_mul(size),
            _ => 0,
        };
        // A service may give less than was asked for; only what the page says of its longest makes it certain.
        let full = match given {
            None => paging.usual_size,
            Some(size) => paging.max_size.is_some_and(|max| size <= max).then_some(size),
        };
        Ok(Self { number, seen, full, print: None, circle })
    }

    /// What comes after a page; where another does, the input asks for it.
    pub(super) fn turn(&mut self, paging: &Paging, operation: &Operation, page: &Record, input: &mut Input) -> Turn {
        let length = paging.lists.iter().map(|path| page.length_at(path)).max().unwrap_or_default();
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        if page.at(paging.more).is_some_and(|slot| slot.text().as_deref() == Some("false")) {
            return Turn::Last;
        }
        match paging.style {
            PagingStyle::Page | PagingStyle::Offset => self.turn_by_number(paging, operation, page, length, input),
            PagingStyle::Token => {
                let token = page.at(paging.next).and_then(Slot::text);
                self.turn_to(paging, operation, token, input)
            }
            PagingStyle::Marker if length == 0 || self.full.is_some_and(|full| length < full) => Turn::Last,
            PagingStyle::Marker => {
                let last = paging.lists.first().and_then(|path| page.last_at(path));
                let marker = last.zip(paging.next_in_item).and_then(|(last, field)| last.at(&[field])?.text());
                self.turn_to(paging, operation, marker, input)
            }
        }
    }

    fn turn_by_number(
        &mut self,
        paging: &Paging,
        operation: &Operation,
        page: &Record,
        length: i64,
        input: &mut Input,
    ) -> Turn {
        if length == 0 {
            return Turn::Last;
        }
        let total = page.at(paging.total).and_then(Slot::text).and_then(|text| text.trim().parse::<i64>().ok());
        let print = print(paging, page);
        if self.print.replace(print) == Some(print) {
            let at_end = total.is_some_and(|total| total <= self.seen);
            return Turn::Again((!at_end).then(|| astray(operation, "the same page twice")));
        }
        self.seen = self.seen.saturating_add(length);
        // Totals may count something else, such as the page: they end a list only where the page could be its last, and
        // a page that is not full is the last only where no total says otherwise.
        let short = self.full.is_none_or(|full| length < full);
        let last = match total {
            Some(total) => short && total <= self.seen,
            None => short && self.full.is_some(),
        };
        if last {
            return Turn::Last;
        }
        let step = if paging.style == PagingStyle::Page { 1 } else { length };
        self.number = self.number.saturating_add(step);
        if paging.numeric {
            input.integer(paging.position, self.number);
        } else {
            input.string(paging.position, self.number.to_string());
        }
        Turn::On
    }

    fn turn_to(&mut self, paging: &Paging, operation: &Operation, token: Option<String>, input: &mut Input) -> Turn {
        let Some(token) = token.filter(|token| !token.is_empty()) else { return Turn::Last };
        if paging.numeric {
            let Ok(number) = token.trim().parse::<i64>() else {
                return Turn::Astray(astray(operation, "a next page that is no number"));
            };
            // No list goes on at its beginning: zero says that there is no more.
            if number <= paging.first {
                return Turn::Last;
            }
            if number <= self.number {
                return Turn::Astray(astray(operation, "a next page that is not behind this one"));
            }
            self.number = number;
            input.integer(paging.position, number);
            return Turn::On;
        }
        if input.text(paging.position).as_ref() == Some(&token) || self.circle.closes_with(&token) {
            return Turn::Astray(astray(operation, "the same next page twice"));
        }
        input.string(paging.position, token);
        Turn::On
    }
}

fn astray(operation: &Operation, what: &str) -> Error {
    let message = format!("{}: the service gave {what}, so the list would never end", operation.name);
    Error::new(Cause::Decode, message)
}

/// A number that tells pages with other items apart.
fn print(paging: &Paging, page: &Record) -> u64 {
    let mut hasher = DefaultHasher::new();
    for path in paging.lists {
        if let Some(slot) = page.at(path) {
            slot.to_json().to_string().hash(&mut hasher);
        }
    }
    hasher.finish()
}
