//! Where an answer holds a status.

/// Where an answer holds a status, as paths of field numbers.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Status {
    /// The list whose items have a status each; empty where the answer has one.
    pub list: &'static [usize],
    /// The status, in the answer or in each item.
    pub field: &'static [usize],
    /// The states that show that something failed.
    pub failed: &'static [&'static str],
}

impl Status {
    /// One status for the whole answer.
    pub const fn new(field: &'static [usize], failed: &'static [&'static str]) -> Self {
        Self { list: &[], field, failed }
    }

    /// A status for each item of a list.
    #[must_use]
    pub const fn of_each(mut self, list: &'static [usize]) -> Self {
        self.list = list;
        self
    }
}
