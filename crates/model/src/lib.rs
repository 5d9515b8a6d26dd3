//! Nouns and their rules.
