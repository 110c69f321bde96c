//! The two directions that fields travel in, and how their rules are named.

/// The direction of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Request,
    Response,
}

impl Side {
    /// The id of a rule that both directions have.
    pub(super) fn id(self, rule: &str) -> String {
        match self {
            Self::Request => format!("request-{rule}"),
            Self::Response => format!("response-{rule}"),
        }
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
        }
    }
}

/// The path of a member, new and old; they differ below what was renamed or moved.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) old: String,
}

impl Place {
    pub(super) fn at(path: impl Into<String>) -> Self {
        let path = path.into();
        Self { old: path.clone(), path }
    }

    /// A member below, under its old and its new name.
    pub(super) fn member(&self, old: &str, new: &str) -> Self {
        Self { path: format!("{}.{new}", self.path), old: format!("{}.{old}", self.old) }
    }

    /// The items of an array (`[]`) or map (`{}`).
    pub(super) fn items(&self, suffix: &str) -> Self {
        Self { path: format!("{}{suffix}", self.path), old: format!("{}{suffix}", self.old) }
    }
}
