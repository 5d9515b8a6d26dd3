//! A sentence in both languages.

use serde::Serialize;

/// The same twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Words {
    pub(super) en: String,
    pub(super) zh: String,
}

impl Words {
    pub(super) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            zh: zh.into(),
        }
    }

    /// This, and another sentence after it.
    pub(super) fn and(mut self, more: &Self) -> Self {
        self.en.push(' ');
        self.en.push_str(&more.en);
        self.zh.push_str(&more.zh);
        self
    }
}
