//! `docs/web-sdk.json`: what `web/sdk/reference` has read from the comments of the web SDK.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::Deserialize;

/// All of it.
pub(super) static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let text = include_str!("../../../../../docs/web-sdk.json");
    serde_json::from_str(text).expect("written by a program, and read by a test")
});

#[derive(Deserialize)]
pub(super) struct Document {
    pub(super) sections: Vec<Section>,
}

/// The module, or the script.
#[derive(Deserialize)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) symbols: Vec<Entry>,
}

/// Anything with a name: a symbol, a member of one, a parameter. What is empty is absent.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) name: String,
    /// What links name; parameters and members of unions have none.
    pub(super) id: String,
    pub(super) kind: Kind,
    /// Markdown.
    pub(super) text: String,
    /// TypeScript.
    #[serde(rename = "type")]
    pub(super) type_text: String,
    pub(super) is_optional: bool,
    /// TypeScript.
    pub(super) signatures: Vec<String>,
    pub(super) parameters: Vec<Entry>,
    pub(super) returns: Returns,
    /// Markdown.
    pub(super) throws: Vec<String>,
    /// Markdown: fenced code.
    pub(super) examples: Vec<String>,
    pub(super) members: Vec<Entry>,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub(super) enum Kind {
    Class,
    Interface,
    Function,
    Type,
    Constructor,
    Property,
    Method,
    /// One of the members of a union.
    Variant,
    #[default]
    Parameter,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Returns {
    pub(super) text: String,
}

impl Document {
    pub(super) fn symbols(&self) -> impl Iterator<Item = &Entry> {
        self.sections.iter().flat_map(|section| &section.symbols)
    }

    /// Names that code can be linked to.
    pub(super) fn names(&self) -> HashSet<&str> {
        self.symbols().map(|symbol| &*symbol.name).collect()
    }
}

impl Entry {
    pub(super) fn members_of(&self, kinds: &[Kind]) -> impl Iterator<Item = &Self> {
        self.members
            .iter()
            .filter(move |member| kinds.contains(&member.kind))
    }
}
