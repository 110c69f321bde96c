//! Several pages of one operation → one operation.
//!
//! A vendor publishes an operation more than once: in two languages, in the layouts of several years, as a copy kept for
//! an older version. [`join`] tells which pages are of one operation (`group`), and joins what they say, place by place
//! of the spec. A fact that several pages state is surer than one that a single page does. Where pages contradict each
//! other, the first of these that tells them apart decides (`contest`):
//!
//! 1. the more certain statement: one that a page makes in a form that leaves no choice, over an inferred one;
//! 2. the majority of the pages;
//! 3. the language that the vendor's pages are usually in; for texts, the language that is asked for;
//! 4. the newer page, by the last date of its change history;
//! 5. the page that says more;
//! 6. the first page by its path.
//!
//! What the others say stays in `sources.lock`, and a finding shows the places. Texts are no matter of contradiction:
//! each language keeps its own. A field that only some of the pages have is kept: as it is where the pages without it
//! are older, else with less certainty and a finding; it is left out where more pages of the same date lack it, or none
//! says more of it than its name (`presence`). Where pages put a field at different depths, the nesting of one of them
//! holds for all (`placement`). Nothing of it depends on the order of the pages, and nothing but texts on the language
//! asked for.

mod align;
mod contest;
mod fields;
mod group;
mod join;
mod lists;
mod placement;
mod presence;
#[cfg(test)]
mod tests;
mod tree;
mod witness;

pub(super) use join::join;
