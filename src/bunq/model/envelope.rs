//! What is around every good answer: `{"Response":[{"Wrapper":{…}}, …],"Pagination":{…}}`.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::fields::{Fields, Parsed};
use super::user::User;
use crate::bunq::error::{Error, ErrorKind};

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(rename = "Response", borrow)]
    response: Vec<&'a RawValue>,
    #[serde(rename = "Pagination")]
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
struct Pagination {
    older_url: Option<String>,
}

/// An answer, read.
pub(in crate::bunq) struct Envelope<'a> {
    elements: Vec<Element<'a>>,
    older_url: Option<String>,
}

/// One element: the name of its type, and what is in it.
pub(in crate::bunq) struct Element<'a> {
    pub(super) wrapper: String,
    /// Untouched, wrapper included.
    pub(super) raw: &'a str,
    map: Parsed,
}

impl<'a> Element<'a> {
    /// Reads one element.
    pub(super) fn parse(raw: &'a str) -> Result<Self, Error> {
        let unwrapped = || Error::shape("an element in a wrapper");
        let map = Parsed::from_slice(raw.as_bytes()).map_err(|_| unwrapped())?;
        let wrapper = map.wrapper().ok_or_else(unwrapped)?.to_owned();
        Ok(Self { wrapper, raw, map })
    }

    /// What is inside the wrapper.
    pub(super) fn fields(&self) -> Fields<'_> {
        self.map.fields().object(&self.wrapper)
    }
}

impl<'a> Envelope<'a> {
    /// Reads the outer form and the wrappers.
    pub(in crate::bunq) fn parse(body: &'a [u8]) -> Result<Self, Error> {
        let wire: Wire<'a> = serde_json::from_slice(body).map_err(|error| {
            if error.is_data() {
                Error::shape("a `Response`")
            } else {
                Error::new(ErrorKind::not_json(body))
            }
        })?;
        let elements: Result<_, _> = wire
            .response
            .into_iter()
            .map(|raw| Element::parse(raw.get()))
            .collect();
        Ok(Self {
            elements: elements?,
            older_url: wire
                .pagination
                .and_then(|pagination| pagination.older_url)
                .filter(|url| !url.is_empty()),
        })
    }

    pub(in crate::bunq) fn elements(&self) -> &[Element<'a>] {
        &self.elements
    }

    /// The element of an answer that is no list. A list may begin with the same one.
    pub(in crate::bunq) fn single(&self) -> Result<&Element<'a>, Error> {
        match self.elements.as_slice() {
            [] => Err(Error::shape("an element")),
            [one] => Ok(one),
            _ => Err(Error::another("request")),
        }
    }

    /// The one with this wrapper.
    pub(in crate::bunq) fn only(&self, wrapper: &'static str) -> Result<Fields<'_>, Error> {
        let mut found = self.elements.iter().filter(|e| e.wrapper == wrapper);
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one.fields()),
            _ => Err(Error::shape(wrapper)),
        }
    }

    /// The number of what was made.
    pub(in crate::bunq) fn id(&self) -> Result<u64, Error> {
        self.only("Id")?.need_number("id")
    }

    /// The user that it is about.
    pub(in crate::bunq) fn user(&self) -> Result<User, Error> {
        let mut users = self
            .elements
            .iter()
            .filter(|e| User::is_wrapper(&e.wrapper));
        match (users.next(), users.next()) {
            (Some(user), None) => User::read(user),
            _ => Err(Error::shape("one user")),
        }
    }

    /// Where the list goes on, further back in time.
    pub(in crate::bunq) fn older_url(&self) -> Option<&str> {
        self.older_url.as_deref()
    }
}
