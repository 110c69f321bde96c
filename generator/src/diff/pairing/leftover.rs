//! Pairs the members that names alone left over on both sides.

/// With more left over on one side than this, only equal descriptions pair.
pub(crate) const MOST_LEFTOVERS: usize = 200;
const RENAMED: f64 = 0.70;
const CANDIDATE: f64 = 0.50;
/// How far behind the best rival of either side must be.
const MARGIN: f64 = 0.08;

/// What likeness made of the members left over; indices are into the two sides.
#[derive(Debug, Default)]
pub(crate) struct Leftover {
    /// Old, new, score: the same member under a new name.
    pub(crate) renamed: Vec<(usize, usize, f64)>,
    /// Old, new, score: perhaps so.
    pub(crate) candidates: Vec<(usize, usize, f64)>,
}

impl Leftover {
    /// Whether an old member has no new name.
    pub(crate) fn is_gone(&self, old: usize) -> bool {
        self.renamed.iter().all(|pair| pair.0 != old)
    }

    /// Whether a new member had no old name.
    pub(crate) fn is_new(&self, new: usize) -> bool {
        self.renamed.iter().all(|pair| pair.1 != new)
    }
}

/// Pairs by score, from the highest down; ties by old name, then new.
///
/// `score` gives `None` for members that can never pair.
pub(crate) fn by_likeness<'a>(
    old: &[&'a str],
    new: &[&'a str],
    score: impl Fn(usize, usize) -> Option<f64>,
) -> Leftover {
    let mut pairs = Vec::new();
    // Of very many, only equal ones pair, and two rivals are as good as all of them to refuse a pair.
    let most = if old.len().max(new.len()) > MOST_LEFTOVERS { 2 } else { usize::MAX };
    for (i, old_name) in old.iter().enumerate() {
        let before = pairs.len();
        for (j, new_name) in new.iter().enumerate() {
            if pairs.len() - before >= most {
                break;
            }
            if let Some(score) = score(i, j).filter(|score| *score >= CANDIDATE - MARGIN) {
                pairs.push((score, *old_name, *new_name, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2, a.3, a.4).cmp(&(b.1, b.2, b.3, b.4))));
    let mut rivals = (vec![Vec::new(); old.len()], vec![Vec::new(); new.len()]);
    for &(score, _, _, i, j) in &pairs {
        rivals.0.get_mut(i).into_iter().chain(rivals.1.get_mut(j)).for_each(|list| list.push((score, i, j)));
    }
    let mut taken = (vec![false; old.len()], vec![false; new.len()]);
    let mut result = Leftover::default();
    for &(score, _, _, i, j) in &pairs {
        if score < RENAMED {
            break;
        }
        if is_taken(&taken, i, j) {
            continue;
        }
        let rival = rivals.0.get(i).into_iter().chain(rivals.1.get(j)).flatten();
        let rival = rival
            .filter(|rival| (rival.1, rival.2) != (i, j) && !is_taken(&taken, rival.1, rival.2))
            .map(|rival| rival.0)
            .fold(0.0, f64::max);
        // A hair of slack, so that a margin of exactly 0.08 does not hang on rounding.
        if score - rival + 1e-9 >= MARGIN {
            take(&mut taken, i, j);
            result.renamed.push((i, j, score));
        }
    }
    for &(score, _, _, i, j) in &pairs {
        if score >= CANDIDATE && !is_taken(&taken, i, j) {
            take(&mut taken, i, j);
            result.candidates.push((i, j, score));
        }
    }
    result
}

fn is_taken(taken: &(Vec<bool>, Vec<bool>), i: usize, j: usize) -> bool {
    taken.0.get(i).copied().unwrap_or(true) || taken.1.get(j).copied().unwrap_or(true)
}

fn take(taken: &mut (Vec<bool>, Vec<bool>), i: usize, j: usize) {
    if let Some(slot) = taken.0.get_mut(i) {
        *slot = true;
    }
    if let Some(slot) = taken.1.get_mut(j) {
        *slot = true;
    }
}

#[cfg(test)]
mod tests {
    use super::by_likeness;

    #[test]
    fn very_many_equal_members_stay_cheap_and_unpaired() {
        let names: Vec<String> = (0..2000).map(|number| format!("n{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let started = std::time::Instant::now();
        let result = by_likeness(&names, &names, |_, _| Some(1.0));
        assert!(result.renamed.is_empty() && started.elapsed().as_secs() < 5);
    }

    #[test]
    fn takes_the_best_and_leaves_near_rivals_as_candidates() {
        let clear = by_likeness(&["a"], &["x", "y"], |_, j| Some(if j == 0 { 0.9 } else { 0.6 }));
        assert_eq!(clear.renamed, [(0, 0, 0.9)]);
        assert!(clear.candidates.is_empty());

        let near = by_likeness(&["a"], &["x", "y"], |_, j| Some(if j == 0 { 0.9 } else { 0.85 }));
        assert!(near.renamed.is_empty());
        assert_eq!(near.candidates, [(0, 0, 0.9)]);

        let low = by_likeness(&["a"], &["x"], |_, _| Some(0.4));
        assert!(low.renamed.is_empty() && low.candidates.is_empty());
    }
}
