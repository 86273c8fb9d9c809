//! Following `Pagination` to its end.

use std::collections::HashSet;

use bytes::Bytes;
use url::Url;

use super::client::Client;
use super::error::Error;

/// The most that bunq gives on one page.
const COUNT: &str = "200";
/// Where a list has surely gone wrong: two million entries.
const MOST_PAGES: usize = 10_000;

/// What the bank answered: as read, and as sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// As read.
    pub value: T,
    /// The bank's own bodies, byte for byte, one for each page.
    pub raw: Vec<Bytes>,
}

/// A walk over the pages of a list, from the newest to the oldest.
pub(super) struct Pages {
    root: Url,
    next: Option<Url>,
    seen: HashSet<Url>,
}

impl Pages {
    /// From the first page of this list.
    pub(super) fn of(client: &Client, path: &str) -> Result<Self, Error> {
        let mut first = client.url(path)?;
        first.query_pairs_mut().append_pair("count", COUNT);
        Ok(Self {
            root: client.endpoints().api.clone(),
            next: Some(first),
            seen: HashSet::new(),
        })
    }

    /// The page to read now; none at the end.
    pub(super) fn next_url(&mut self) -> Option<Url> {
        let next = self.next.take()?;
        self.seen.insert(next.clone());
        Some(next)
    }

    /// Turns to the page that this one calls older. Such an address begins with `/v1/`, so it is
    /// joined to the host; our token goes nowhere but to the API, and never in a circle.
    pub(super) fn turn(&mut self, older: Option<&str>) -> Result<(), Error> {
        let Some(older) = older else {
            return Ok(());
        };
        let url = self.root.join(older);
        let url = url.map_err(|_| Error::shape("the address of the next page"))?;
        let inside = url.origin() == self.root.origin()
            && url.path().starts_with(self.root.path())
            && url.username().is_empty()
            && url.password().is_none();
        if !inside {
            return Err(Error::shape("a next page that is the bank's own"));
        }
        if self.seen.contains(&url) || self.seen.len() >= MOST_PAGES {
            return Err(Error::shape("an end to the list"));
        }
        self.next = Some(url);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Clock, Environment, Events};

    fn pages() -> Pages {
        let endpoints = Environment::Production.endpoints().unwrap();
        let client = Client::new(endpoints, Clock::system(), Events::default()).unwrap();
        Pages::of(&client, "user/1/monetary-account").unwrap()
    }

    #[test]
    fn walks_by_the_host() {
        let mut pages = pages();
        let first = pages.next_url().unwrap();
        assert_eq!(
            first.as_str(),
            "https://api.bunq.com/v1/user/1/monetary-account?count=200"
        );
        pages
            .turn(Some("/v1/user/1/monetary-account?older_id=7&count=200"))
            .unwrap();
        let second = pages.next_url().unwrap();
        assert_eq!(
            second.as_str(),
            "https://api.bunq.com/v1/user/1/monetary-account?older_id=7&count=200"
        );
        pages.turn(None).unwrap();
        assert_eq!(pages.next_url(), None);
    }

    #[test]
    fn never_leaves_the_api() {
        for bad in [
            "https://example.com/v1/user/1/monetary-account?older_id=7",
            "//example.com/v1/user",
            "http://api.bunq.com/v1/user?older_id=7",
            "https://api.bunq.com:444/v1/user?older_id=7",
            "https://me:secret@api.bunq.com/v1/user?older_id=7",
            "/v2/user?older_id=7",
            "/v1/../user?older_id=7",
            "\\\\example.com\\v1\\user",
            "https://",
        ] {
            let mut pages = pages();
            pages.next_url().unwrap();
            assert!(pages.turn(Some(bad)).is_err(), "{bad}");
            assert_eq!(pages.next_url(), None, "{bad}");
        }
    }

    #[test]
    fn never_walks_in_a_circle() {
        let mut pages = pages();
        let first = pages.next_url().unwrap();
        assert!(pages.turn(Some(first.as_str())).is_err());
        pages.turn(Some("/v1/user?older_id=2")).unwrap();
        pages.next_url().unwrap();
        pages.turn(Some("/v1/user?older_id=1")).unwrap();
        pages.next_url().unwrap();
        assert!(pages.turn(Some("/v1/user?older_id=2")).is_err());
    }
}
