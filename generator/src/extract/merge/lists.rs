//! What an operation lists beside its fields: answers, error codes, permissions, samples, history.

use super::align::{List, align};
use super::contest::{At, Joining, below};
use crate::spec::{ErrorCode, Example, Field, History, Permission, Response};

impl Joining<'_, '_> {
    /// Joins answers by status.
    pub(super) fn responses(&mut self) -> Vec<Response> {
        self.each(
            "responses",
            |operation| &operation.responses,
            |response| response.status.to_string(),
            |joining, path, of| {
                let first = of.first()?;
                joining.settle(path, "status", of, |response| Some(response.status));
                let lists: Vec<List<'_, Field>> = of
                    .iter()
                    .map(|at| List { witness: at.witness, path: at.path.clone(), entries: &at.node.fields })
                    .collect();
                Some(Response {
                    status: first.node.status,
                    description: joining.text(path, "description", of, |response| response.description.as_ref()),
                    fields: joining.fields(path, &lists),
                })
            },
        )
    }

    /// Joins error codes by status and code.
    pub(super) fn errors(&mut self) -> Vec<ErrorCode> {
        let asked = self.with(|operation| !operation.errors.is_empty());
        self.each(
            "errors",
            |operation| &operation.errors,
            |error| match error.status {
                Some(status) => format!("{status}.{}", error.code),
                None => error.code.clone(),
            },
            |joining, path, of| {
                let first = of.first()?;
                let code = joining.settle(path, "code", of, |error| Some(error.code.clone()))?;
                let have: Vec<usize> = of.iter().map(|at| at.witness).collect();
                joining.weigh_absence(&below(path, "code"), &format!("the code `{code}`"), &have, &asked);
                joining.settle(path, "status", of, |error| error.status);
                Some(ErrorCode {
                    status: first.node.status,
                    code,
                    rust_name: None,
                    message: joining.text(path, "message", of, |error| error.message.as_ref()),
                    description: joining.text(path, "description", of, |error| error.description.as_ref()),
                })
            },
        )
    }

    /// Joins permissions by action.
    pub(super) fn permissions(&mut self) -> Vec<Permission> {
        let told = |list: &Vec<String>| (!list.is_empty()).then(|| list.clone());
        self.each(
            "permissions",
            |operation| &operation.permissions,
            |permission| permission.action.clone(),
            |joining, path, of| {
                Some(Permission {
                    action: joining.settle(path, "action", of, |permission| Some(permission.action.clone()))?,
                    access: joining.settle(path, "access", of, |permission| permission.access),
                    resources: joining
                        .settle(path, "resources", of, |permission| told(&permission.resources))
                        .unwrap_or_default(),
                    conditions: joining
                        .settle(path, "conditions", of, |permission| told(&permission.conditions))
                        .unwrap_or_default(),
                    dependent_actions: joining
                        .settle(path, "dependent_actions", of, |permission| told(&permission.dependent_actions))
                        .unwrap_or_default(),
                })
            },
        )
    }

    /// The samples of one page, the one that has most: samples of several would tell the same twice. Titles are in the
    /// language asked for where another page's samples are of the same kinds.
    pub(super) fn examples(&mut self) -> Vec<Example> {
        let lists: Vec<At<'_, Vec<Example>>> = self.whole("examples", |operation| &operation.examples);
        let Some(most) = lists.iter().min_by_key(|at| (std::cmp::Reverse(at.node.len()), at.witness)).cloned() else {
            return Vec::new();
        };
        let kinds = |list: &[Example]| -> Vec<(Option<u16>, Option<String>, bool)> {
            list.iter().map(|one| (one.status, one.format.clone(), one.request.is_some())).collect()
        };
        let alike: Vec<_> = lists.into_iter().filter(|at| kinds(at.node) == kinds(most.node)).collect();
        let mut examples = most.node.clone();
        for (number, example) in examples.iter_mut().enumerate() {
            let path = format!("examples.{number}");
            self.take_facts(most.witness, &path, &path);
            self.facts.retain(|fact| fact.path != below(&path, "title"));
            let of: Vec<At<'_, Example>> = alike.iter().filter_map(|at| nth(at, number)).collect();
            example.title = self.text(&path, "title", &of, |example| example.title.as_ref());
        }
        examples
    }

    /// The change history of the newest page, in the language asked for where a page in it has the same dates.
    pub(super) fn history(&mut self) -> Vec<History> {
        let lists: Vec<At<'_, Vec<History>>> = self.whole("history", |operation| &operation.history);
        let newest = |at: &&At<'_, Vec<History>>| {
            let date = std::cmp::Reverse(self.witnesses[at.witness].rank.date.0.clone());
            (date, std::cmp::Reverse(at.node.len()), at.witness)
        };
        let Some(newest) = lists.iter().min_by_key(newest).cloned() else { return Vec::new() };
        let dates = |list: &[History]| -> Vec<String> { list.iter().map(|entry| entry.date.clone()).collect() };
        let alike: Vec<_> = lists.into_iter().filter(|at| dates(at.node) == dates(newest.node)).collect();
        let mut history = newest.node.clone();
        for (number, entry) in history.iter_mut().enumerate() {
            let path = format!("history.{number}");
            self.take_facts(newest.witness, &path, &path);
            let of: Vec<At<'_, History>> = alike.iter().filter_map(|at| nth(at, number)).collect();
            entry.summary = self.text(&path, "summary", &of, |entry| Some(&entry.summary)).unwrap_or_default();
        }
        history
    }

    /// Joins a list of the operation entry by entry.
    fn each<T: 'static>(
        &mut self,
        path: &str,
        list: impl Fn(&crate::spec::Operation) -> &Vec<T>,
        key: impl Fn(&T) -> String,
        join: impl Fn(&mut Self, &str, &[At<'_, T>]) -> Option<T>,
    ) -> Vec<T> {
        let lists: Vec<List<'_, T>> = self.whole(path, list).into_iter().map(Into::into).collect();
        let mut joined = Vec::new();
        for row in align(&lists, &key, false) {
            let of: Vec<At<'_, T>> = row
                .entries
                .iter()
                .filter_map(|(list, node)| {
                    let list = lists.get(*list)?;
                    Some(At { witness: list.witness, path: below(&list.path, &key(node)), node: *node })
                })
                .collect();
            let Some(first) = of.first().map(|at| at.path.clone()) else { continue };
            joined.extend(join(self, &first, &of));
        }
        joined
    }
}

fn nth<'n, T>(at: &At<'n, Vec<T>>, number: usize) -> Option<At<'n, T>> {
    Some(At { witness: at.witness, path: below(&at.path, &number.to_string()), node: at.node.get(number)? })
}
