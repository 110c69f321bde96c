//! How an operation pages.

/// Which parameter leads to the next page, and where an answer holds what is listed.
///
/// Parameters are indices into the operation's table; places in the answer are paths of field numbers.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Paging {
    /// What the position parameter holds.
    pub style: PagingStyle,
    /// The parameter that says where a page begins.
    pub position: usize,
    /// Whether the position travels as a number.
    pub numeric: bool,
    /// The position of the first page, where it is a number.
    pub first: i64,
    /// The parameter that says how long a page is at most.
    pub size: Option<usize>,
    /// How long a page is where the caller does not say.
    pub usual_size: Option<i64>,
    /// The longest page that the service gives.
    pub max_size: Option<i64>,
    /// Whether the size is sent even where the caller does not say: only then does the service page this way.
    pub sends_size: bool,
    /// The answer's lists. Where there is one, it holds the items.
    pub lists: &'static [&'static [usize]],
    /// The next page's position in the answer.
    pub next: &'static [usize],
    /// The next page's position in the last item.
    pub next_in_item: Option<usize>,
    /// How many items there are on all pages.
    pub total: &'static [usize],
    /// Whether there are more pages.
    pub more: &'static [usize],
}

/// What the parameter that leads to the next page holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PagingStyle {
    /// The page's number.
    Page,
    /// How many items stand before the page.
    Offset,
    /// What the answer before gave for it.
    Token,
    /// The last item of the page before.
    Marker,
}

impl Paging {
    const fn new(style: PagingStyle, position: usize) -> Self {
        Self {
            style,
            position,
            numeric: false,
            first: 0,
            size: None,
            usual_size: None,
            max_size: None,
            sends_size: false,
            lists: &[],
            next: &[],
            next_in_item: None,
            total: &[],
            more: &[],
        }
    }

    /// Pages by number, the first of them 1.
    pub const fn page(position: usize) -> Self {
        Self { first: 1, ..Self::new(PagingStyle::Page, position) }
    }

    /// Pages by the number of items before them.
    pub const fn offset(position: usize) -> Self {
        Self::new(PagingStyle::Offset, position)
    }

    /// Pages by what the answer before gave at a place.
    pub const fn token(position: usize, next: &'static [usize]) -> Self {
        Self { next, ..Self::new(PagingStyle::Token, position) }
    }

    /// Pages by what a field of the last item before them holds.
    pub const fn marker(position: usize, field: usize) -> Self {
        Self { next_in_item: Some(field), ..Self::new(PagingStyle::Marker, position) }
    }

    /// The position travels as a number.
    #[must_use]
    pub const fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// The position of the first page.
    #[must_use]
    pub const fn first(mut self, first: i64) -> Self {
        self.first = first;
        self
    }

    /// The parameter that says how long a page is at most, how long it is without it, and the longest there is.
    #[must_use]
    pub const fn size(mut self, parameter: usize, usual: Option<i64>, max: Option<i64>) -> Self {
        self.size = Some(parameter);
        self.usual_size = usual;
        self.max_size = max;
        self
    }

    /// The size is sent even where the caller does not say: only then does the service page this way.
    #[must_use]
    pub const fn sends_size(mut self) -> Self {
        self.sends_size = true;
        self
    }

    /// The answer's lists.
    #[must_use]
    pub const fn lists(mut self, lists: &'static [&'static [usize]]) -> Self {
        self.lists = lists;
        self
    }

    /// Where the answer says how many items there are.
    #[must_use]
    pub const fn total(mut self, total: &'static [usize]) -> Self {
        self.total = total;
        self
    }

    /// Where the answer says whether there are more pages.
    #[must_use]
    pub const fn more(mut self, more: &'static [usize]) -> Self {
        self.more = more;
        self
    }
}
