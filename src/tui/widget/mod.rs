//! Pieces that several screens draw with. Each clamps to the buffer: a terminal may be 0x0.

pub(super) mod alone;
pub(super) mod field;
pub(super) mod footer;
pub(super) mod header;
pub(super) mod json_tree;
pub(super) mod list;
pub(super) mod pane;
pub(super) mod qr;
pub(super) mod table;
pub(super) mod text;
pub(super) mod wait;
