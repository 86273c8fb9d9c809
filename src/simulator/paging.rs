//! Pages of a list: `count`, `older_id`, `newer_id` and the `Pagination` object.

use serde_json::{Value, json};

use super::failure::Failure;
use super::query::Query;

const DEFAULT_COUNT: usize = 10;
const MAXIMUM_COUNT: usize = 200;

/// What the query asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paging {
    /// As the query says it; the links repeat it only then.
    count: Option<usize>,
    from: From,
}

#[derive(Clone, Copy, Debug)]
enum From {
    Newest,
    OlderThan(u64),
    NewerThan(u64),
}

impl Paging {
    /// Reads the query. `count` above 200, both ids at once and ids that are no number are
    /// refused with 400.
    pub(super) fn of(query: &Query) -> Result<Self, Failure> {
        let count = match query.get("count") {
            None => None,
            Some(text) => match text.parse() {
                Ok(count @ 1..=MAXIMUM_COUNT) => Some(count),
                _ => {
                    return Err(Failure::Invalid(format!(
                        "The value for \"count\" must be between 1 and {MAXIMUM_COUNT}."
                    )));
                }
            },
        };
        let id = |name| match query.get(name) {
            None => Ok(None),
            Some(text) => match text.parse::<u64>() {
                Ok(id) => Ok(Some(id)),
                Err(_) => Err(Failure::Invalid(format!("Invalid hash \"{text}\"."))),
            },
        };
        let from = match (id("older_id")?, id("newer_id")?) {
            (None, None) => From::Newest,
            (Some(id), None) => From::OlderThan(id),
            (None, Some(id)) => From::NewerThan(id),
            (Some(_), Some(_)) => {
                return Err(Failure::Invalid(
                    "Only one of \"older_id\" and \"newer_id\" can be used.".to_owned(),
                ));
            }
        };
        Ok(Self { count, from })
    }

    /// The page of these items, newest (largest id) first, as the reply's body. `path` is the
    /// address of the list.
    pub(super) fn page<T>(
        self,
        path: &str,
        mut items: Vec<(u64, T)>,
        show: impl Fn(&T) -> Value,
    ) -> Value {
        items.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        let (newest, oldest) = (items.first().map(|x| x.0), items.last().map(|x| x.0));
        let count = self.count.unwrap_or(DEFAULT_COUNT);
        let page: Vec<_> = match self.from {
            From::Newest => items.into_iter().take(count).collect(),
            From::OlderThan(id) => items
                .into_iter()
                .filter(|item| item.0 < id)
                .take(count)
                .collect(),
            From::NewerThan(id) => {
                items.retain(|item| item.0 > id);
                // The ids just above come first; the page itself stays newest first.
                items.split_off(items.len().saturating_sub(count))
            }
        };
        let (first, last) = (page.first().map(|x| x.0), page.last().map(|x| x.0));
        let link = |name: &str, id: Option<u64>| match (id, self.count) {
            (None, _) => Value::Null,
            (Some(id), None) => json!(format!("{path}?{name}={id}")),
            (Some(id), Some(count)) => json!(format!("{path}?count={count}&{name}={id}")),
        };
        let future = match (page.is_empty(), self.from) {
            (true, From::NewerThan(id)) => Some(id),
            _ => first.filter(|_| first == newest),
        };
        json!({
            "Response": page.iter().map(|(_, item)| show(item)).collect::<Vec<_>>(),
            "Pagination": {
                "future_url": link("newer_id", future),
                "newer_url": link("newer_id", first.filter(|_| first != newest)),
                "older_url": link("older_id", last.filter(|_| last != oldest)),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(query: &str) -> (Vec<u64>, Value) {
        let items = (1..=25).map(|id| (id, id)).collect();
        let page = Paging::of(&Query::parse(query))
            .unwrap()
            .page("/v1/x", items, |id| json!(id));
        let ids = page["Response"].as_array().unwrap();
        (
            ids.iter().map(|id| id.as_u64().unwrap()).collect(),
            page["Pagination"].clone(),
        )
    }

    #[test]
    fn both_ways_through_the_pages() {
        let (first, links) = ids("");
        assert_eq!(first, (16..=25).rev().collect::<Vec<_>>());
        assert_eq!(
            links,
            json!({"future_url": "/v1/x?newer_id=25", "newer_url": null, "older_url": "/v1/x?older_id=16"})
        );
        let (last, links) = ids("count=10&older_id=6");
        assert_eq!(last, [5, 4, 3, 2, 1]);
        assert_eq!(
            links,
            json!({"future_url": null, "newer_url": "/v1/x?count=10&newer_id=5", "older_url": null})
        );
        assert_eq!(ids("count=3&newer_id=5").0, [8, 7, 6]);
        let (none, links) = ids("newer_id=25");
        assert!(none.is_empty());
        assert_eq!(links["future_url"], "/v1/x?newer_id=25");
    }

    #[test]
    fn wrong_queries_are_refused() {
        for query in [
            "count=201",
            "count=0",
            "count=x",
            "older_id=false",
            "older_id=1&newer_id=2",
        ] {
            let failure = Paging::of(&Query::parse(query)).unwrap_err();
            assert_eq!(failure.status(), 400, "{query}");
        }
        assert!(Paging::of(&Query::parse("count=200")).is_ok());
    }
}
