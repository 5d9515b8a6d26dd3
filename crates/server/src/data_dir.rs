//! The data directory and the small secret files in it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use api::TokensFile;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const ADMIN_TOKEN: &str = "admin.token";
/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;

/// Makes the directory, for its owner only, unless it is there; its absolute path.
pub(crate) fn make(path: &Path) -> anyhow::Result<PathBuf> {
    let name = || format!("data directory {}", path.display());
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(name)?;
    fs::canonicalize(path).with_context(name)
}

/// Where the first admin token is.
pub(crate) fn admin_token_file(data_dir: &Path) -> PathBuf {
    data_dir.join(ADMIN_TOKEN)
}

/// What opens the admin API.
pub(crate) struct AdminToken {
    pub(crate) text: String,
    /// Whether this is the first start.
    pub(crate) is_new: bool,
}

/// Made at the first start, then the same.
pub(crate) fn admin_token(data_dir: &Path) -> anyhow::Result<AdminToken> {
    let path = admin_token_file(data_dir);
    if let Some(text) = read(&path)? {
        let token = text.trim();
        anyhow::ensure!(
            !token.is_empty(),
            "{}: is empty; remove it to get another",
            path.display()
        );
        return Ok(AdminToken {
            text: token.to_owned(),
            is_new: false,
        });
    }
    let text = random_text()?;
    write(&path, &format!("{text}\n"))?;
    Ok(AdminToken { text, is_new: true })
}

/// A file for its owner only.
pub(crate) struct SecretFile(PathBuf);

impl SecretFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl TokensFile for SecretFile {
    fn read(&self) -> io::Result<Option<String>> {
        try_read(&self.0)
    }

    fn write(&self, text: &str) -> io::Result<()> {
        try_write(&self.0, text)
    }
}

/// A text that nobody guesses, fit for URLs and headers.
fn random_text() -> anyhow::Result<String> {
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes).context("the system gives no random bytes")?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// `None`: there is no such file.
pub(crate) fn read(path: &Path) -> anyhow::Result<Option<String>> {
    try_read(path).with_context(|| path.display().to_string())
}

fn try_read(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file for its owner only: whole or not at all, whatever happens meanwhile.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    try_write(path, text).with_context(|| path.display().to_string())
}

fn try_write(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_added_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    path.parent()
        .map_or(Ok(()), |dir| File::open(dir)?.sync_all())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_admin_token_is_made_once_and_for_its_owner_only() {
        let dir = tempfile::tempdir().unwrap();
        let token = admin_token(dir.path()).unwrap();
        assert!(token.is_new && token.text.len() >= 40);
        let again = admin_token(dir.path()).unwrap();
        assert_eq!((again.is_new, again.text), (false, token.text));
        let mode = fs::metadata(dir.path().join(ADMIN_TOKEN))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn an_empty_admin_token_opens_nothing() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(ADMIN_TOKEN), "\n").unwrap();
        let error = admin_token(dir.path()).err().unwrap().to_string();
        assert!(error.contains("admin.token"), "{error}");
    }
}
