//! The data directory: there, its owner's alone, with an admin token.

use std::fs::{self, Metadata};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::Finding;

const CHECK: &str = "data directory";
const TOKEN_CHECK: &str = "admin token";
/// What others than the owner may do.
const OTHERS: u32 = 0o077;

pub(super) fn look(dir: &Path) -> Vec<Finding> {
    let shown = dir.display();
    match fs::metadata(dir) {
        Ok(metadata) if !metadata.is_dir() => vec![Finding::problem(
            CHECK,
            format!("{shown} is a file"),
            "name a directory with --data-dir",
        )],
        Ok(metadata) => vec![directory(dir, &metadata), token(&dir.join("admin.token"))],
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let found = format!("{shown} is not there yet; the first start makes it");
            vec![Finding::ok(CHECK, found)]
        }
        Err(error) => vec![Finding::problem(
            CHECK,
            format!("{shown}: {error}"),
            "run as the user that the server runs as",
        )],
    }
}

fn directory(dir: &Path, metadata: &Metadata) -> Finding {
    let shown = dir.display().to_string();
    match mode(metadata) & OTHERS {
        0 => Finding::ok(CHECK, shown),
        _ => Finding::warning(
            CHECK,
            format!("{shown} is open to other users"),
            format!("chmod 700 {shown}"),
        ),
    }
}

fn token(file: &Path) -> Finding {
    let shown = file.display().to_string();
    match fs::metadata(file) {
        Ok(metadata) if mode(&metadata) & OTHERS == 0 => Finding::ok(TOKEN_CHECK, shown),
        Ok(_) => Finding::problem(
            TOKEN_CHECK,
            format!("{shown} can be read by other users"),
            format!(
                "remove it, start the server to get another, and see that its mode is 600: {shown}"
            ),
        ),
        Err(_) => Finding::ok(TOKEN_CHECK, "none yet; the first start makes it"),
    }
}

fn mode(metadata: &Metadata) -> u32 {
    metadata.permissions().mode()
}
