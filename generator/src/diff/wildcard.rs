//! Names with `*`, the one special character, which reaches over every separator.

use globset::{Glob, GlobMatcher};

/// A matcher for a name with `*`; `None` where the pattern is too large to be one.
pub(crate) fn wildcard(pattern: &str) -> Option<GlobMatcher> {
    Glob::new(&globset::escape(pattern).replace("[*]", "*")).ok().map(|glob| glob.compile_matcher())
}

#[cfg(test)]
mod tests {
    use super::wildcard;

    #[test]
    fn only_the_star_is_special() {
        let is = |pattern: &str, name: &str| wildcard(pattern).is_some_and(|matcher| matcher.is_match(name));
        assert!(is("Describe*", "DescribeDisks") && !is("Describe*", "ListDisks"));
        assert!(is("request.Tags[].*", "request.Tags[].Key") && !is("request.Tags[].Key", "request.Tags1.Key"));
        assert!(is("a?", "a?") && !is("a?", "ab"));
    }
}
