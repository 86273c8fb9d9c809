//! The requests as rows that can be found and sorted.

use std::collections::VecDeque;
use std::sync::Arc;

use super::{Request, row_id, view};
use crate::tui::forms::Forms;
use crate::tui::listing::{Index, Key, RowId, Rows};

/// The requests, the newest first.
pub(super) struct RequestRows<'a> {
    pub(super) requests: &'a VecDeque<Request>,
    pub(super) version: u64,
    pub(super) forms: &'a Forms,
}

impl Rows for RequestRows<'_> {
    fn len(&self) -> usize {
        self.requests.len()
    }

    fn version(&self) -> u64 {
        self.version
    }

    fn id(&self, place: usize) -> Option<RowId> {
        self.requests.get(place).map(|request| row_id(request.id))
    }

    fn index(&self) -> Arc<Index> {
        let mut index = Index::default();
        for request in self.requests {
            let at = request.sent.unwrap_or(request.queued);
            let (status, took, signature) = view::ended(request);
            index.push([
                self.forms.clock(at).as_str(),
                &request.method.to_string(),
                &request.path,
                &status,
                &took,
                signature,
            ]);
        }
        Arc::new(index.finish())
    }

    fn key(&self, place: usize, column: usize) -> Key {
        let Some(request) = self.requests.get(place) else {
            return Key::Missing;
        };
        let ended = request.ended.as_ref();
        match column {
            0 => Key::time(Some(request.sent.unwrap_or(request.queued))),
            1 => Key::text(&request.method.to_string()),
            2 => Key::text(&request.path),
            3 => ended.map_or(Key::Missing, |(outcome, _)| match outcome.status {
                Some(status) => Key::number(status),
                None => Key::text(outcome.failure.unwrap_or("failed")),
            }),
            4 => ended.map_or(Key::Missing, |(_, took)| Key::number(took.as_micros())),
            5 => request
                .waited()
                .map_or(Key::Missing, |waited| Key::number(waited.as_micros())),
            _ => Key::text(view::ended(request).2),
        }
    }
}
