//! The guides of `docs/guide`, in the order in which one reads them.

use super::language::Language;

/// One guide in both languages.
pub(super) struct Guide {
    pub(super) name: &'static str,
    en: &'static str,
    zh: &'static str,
}

macro_rules! guides {
    ($($name:literal),* $(,)?) => {
        &[$(Guide {
            name: $name,
            en: include_str!(concat!("../../../../docs/guide/en/", $name, ".md")),
            zh: include_str!(concat!("../../../../docs/guide/zh/", $name, ".md")),
        }),*]
    };
}

pub(super) const GUIDES: &[Guide] = guides![
    "quick-start",
    "console",
    "administration",
    "moving-from-mimc",
    "web-sdk",
    "deployment",
    "security",
    "threat-model",
    "delivery-guarantees",
    "why-did-it-not-arrive",
    "bench",
    "callbacks",
    "message-formats",
    "samples",
    "faq",
];

impl Guide {
    pub(super) fn text(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Zh => self.zh,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_guide_of_the_directory_is_here() {
        let here: BTreeSet<_> = GUIDES
            .iter()
            .map(|guide| format!("{}.md", guide.name))
            .collect();
        for language in ["en", "zh"] {
            let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide");
            let files = std::fs::read_dir(dir.join(language)).unwrap();
            let there: BTreeSet<_> = files
                .map(|file| file.unwrap().file_name().into_string().unwrap())
                .collect();
            assert_eq!(here, there, "{language}");
        }
    }
}
