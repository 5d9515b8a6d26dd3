//! The tree in memory, so that checks are functions of values and their tests need no disk.

use std::fs;
use std::path::Path;

use anyhow::Context;
use proc_macro2::TokenStream;
use toml::Table;

/// What is made by tools, and what is not ours.
const SKIPPED: &[&str] = &["target", "node_modules", "mimc-data", "__pycache__"];
/// In a linked worktree it is a file that names a directory of the machine.
const GIT: &str = ".git";
/// Of the hidden directories only these are the project's.
const HIDDEN: &[&str] = &[".ci", ".cargo"];

/// The text files of the workspace, ordered by path.
pub(super) struct Tree {
    pub(super) files: Vec<File>,
}

/// One of them.
pub(super) struct File {
    /// From the root, with slashes.
    pub(super) path: String,
    pub(super) text: String,
}

/// A crate of the workspace.
pub(super) struct Crate<'a> {
    /// As `crates/chat`.
    pub(super) dir: &'a str,
    pub(super) manifest: &'a File,
}

impl Tree {
    pub(super) fn read(root: &Path) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        collect(root, "", &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files })
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self {
            files: files.iter().map(file).collect(),
        }
    }

    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Whether there is a file, or a directory with files.
    pub(super) fn has(&self, path: &str) -> bool {
        let dir = format!("{path}/");
        let is_it = |file: &File| file.path == path || file.path.starts_with(&dir);
        self.files.iter().any(is_it)
    }

    pub(super) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.extension() == "rs")
    }

    /// Every directory below the root that has a manifest.
    pub(super) fn crates(&self) -> impl Iterator<Item = Crate<'_>> {
        self.files.iter().filter_map(|manifest| {
            let dir = manifest.path.strip_suffix("/Cargo.toml")?;
            Some(Crate { dir, manifest })
        })
    }
}

impl File {
    pub(super) fn extension(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// Lines with their numbers.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
    }

    /// The number of the first line of which `is_it` is true; 1 when there is none.
    pub(super) fn line_where(&self, is_it: impl Fn(&str) -> bool) -> usize {
        let mut lines = self.lines();
        lines.find(|(_, line)| is_it(line)).map_or(1, |(at, _)| at)
    }

    /// As TOML; empty when it is none, which cargo complains about.
    pub(super) fn toml(&self) -> Table {
        self.text.parse().unwrap_or_default()
    }

    /// As Rust; empty when it is none, which the compiler complains about.
    pub(super) fn tokens(&self) -> TokenStream {
        self.text.parse().unwrap_or_default()
    }

    /// Whether this is a file of tests, benches or examples.
    pub(super) fn is_test(&self) -> bool {
        let mut parts = self.path.split('/');
        parts.any(|part| matches!(part, "tests" | "tests.rs" | "benches" | "examples"))
    }
}

fn collect(dir: &Path, prefix: &str, files: &mut Vec<File>) -> anyhow::Result<()> {
    let entries = fs::read_dir(dir).with_context(|| dir.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() && !is_skipped(&name) {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file() && name != GIT {
            // What is no text is nobody's business here; what is gone meanwhile, too.
            let Ok(text) = fs::read_to_string(entry.path()) else {
                continue;
            };
            files.push(File { path, text });
        }
    }
    Ok(())
}

fn is_skipped(name: &str) -> bool {
    SKIPPED.contains(&name) || (name.starts_with('.') && !HIDDEN.contains(&name))
}
