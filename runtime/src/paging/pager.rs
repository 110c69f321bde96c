//! One page after the other: what every stream of pages or items is made of.

use std::fmt;
use std::task::{Context, Poll};

use super::position::{Position, Turn};
use crate::error::Error;
use crate::input::{Handle, Input, call};
use crate::record::{Record, Slot};
use crate::schema::{Operation, Paging, Shape};
use crate::time::BoxFuture;

pub(super) struct Pager {
    handle: Handle,
    operation: &'static Operation,
    paging: &'static Paging,
    shape: &'static Shape,
    input: Input,
    state: State,
}

enum State {
    /// Nothing was asked for yet.
    Begin,
    /// The page at this position comes next.
    Next(Position),
    Under(Position, BoxFuture<'static, Result<Record, Error>>),
    /// An error that comes behind the page that is at fault for it.
    Fails(Error),
    End,
}

impl Pager {
    pub(super) fn new(
        handle: Handle,
        operation: &'static Operation,
        paging: &'static Paging,
        shape: &'static Shape,
        input: Input,
    ) -> Self {
        Self { handle, operation, paging, shape, input, state: State::Begin }
    }

    /// The next page, `None` after the last and after an error.
    pub(super) fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Record, Error>>> {
        loop {
            // Whatever leaves this loop early leaves the end behind it.
            match std::mem::replace(&mut self.state, State::End) {
                State::End => return Poll::Ready(None),
                State::Fails(error) => return Poll::Ready(Some(Err(error))),
                State::Begin => match Position::begin(self.paging, self.operation, &mut self.input) {
                    Ok(position) => self.state = State::Next(position),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                },
                State::Next(position) => {
                    let future = call(self.handle.clone(), self.operation, self.input.clone(), self.shape);
                    self.state = State::Under(position, future);
                }
                State::Under(mut position, mut future) => match future.as_mut().poll(context) {
                    Poll::Pending => {
                        self.state = State::Under(position, future);
                        return Poll::Pending;
                    }
                    Poll::Ready(Err(error)) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(Ok(page)) => {
                        match position.turn(self.paging, self.operation, &page, &mut self.input) {
                            Turn::On => self.state = State::Next(position),
                            Turn::Last => {}
                            Turn::Again(error) => return Poll::Ready(error.map(Err)),
                            Turn::Astray(error) => self.state = State::Fails(error),
                        }
                        return Poll::Ready(Some(Ok(page)));
                    }
                },
            }
        }
    }

    /// The items of a page, taken out of it.
    pub(super) fn take_list(&self, page: &mut Record) -> Slot {
        let Some(path) = self.paging.lists.first() else { return Slot::Absent };
        page.at_mut(path).map_or(Slot::Absent, |slot| std::mem::replace(slot, Slot::Absent))
    }
}

impl fmt::Debug for Pager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Begin => "not begun",
            State::Next(_) => "between pages",
            State::Under(..) => "asking for a page",
            State::Fails(_) => "about to fail",
            State::End => "at its end",
        };
        f.debug_struct(self.operation.name).field("input", &self.input).field("state", &state).finish_non_exhaustive()
    }
}
