//! The nearest of the words that would have been right.

/// The candidate most like `word`, if one is near enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// The candidate that `word` differs from by a slip or two of the fingers.
pub(crate) fn misspelt<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const SLIPS: usize = 2;
    let slips = candidates.into_iter().map(|candidate| (strsim::osa_distance(word, candidate), candidate));
    slips.filter(|(slips, _)| (1..=SLIPS).contains(slips)).min().map(|(_, candidate)| candidate)
}

/// What to do about an unknown key or value: the nearest right one, and all of them.
pub(crate) fn remedy<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let all = candidates.clone().into_iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
    match nearest(word, candidates) {
        Some(near) => format!("did you mean `{near}`? expected one of {all}"),
        None if all.is_empty() => "there are none to choose from".to_owned(),
        None => format!("expected one of {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant_and_nothing_far() {
        let keys = ["name", "provider", "api_version", "pages"];
        assert_eq!(nearest("provder", keys), Some("provider"));
        assert_eq!(nearest("apiversion", keys), Some("api_version"));
        assert_eq!(nearest("colour", keys), None);
    }
}
