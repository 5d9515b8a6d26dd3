//! Which part of something long is looked at.

/// Named by its last row, so that what is looked at stays where it is when more comes, above or
/// below.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Scroll {
    /// The end, and what comes.
    #[default]
    Bottom,
    /// Up to row `row` of the entry with this key.
    At { key: u64, row: usize },
}

/// How somebody wants to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    LineUp,
    LineDown,
    PageUp,
    PageDown,
    Top,
    Bottom,
}
