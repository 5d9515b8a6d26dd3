//! Whether the files of the data directory are as they were written, and setting aside what is not.

use std::path::Path;

use server::doctor;

use super::Finding;

const CHECK: &str = "integrity";

/// Nothing when no server has been here. Reads what a start would read, or, if `deep`, all there
/// is.
pub(super) fn look(dir: &Path, deep: bool) -> Vec<Finding> {
    if !is_store(dir) {
        return Vec::new();
    }
    let damage = doctor::check(dir, deep);
    if damage.is_empty() {
        let found = if deep {
            "every record and page is whole"
        } else {
            "what a start reads is whole; --deep reads all there is"
        };
        return vec![Finding::ok(CHECK, found)];
    }
    let advice = "stop the server, copy the directory, and run `mimc doctor --salvage`";
    let problem = |one: &doctor::Finding| {
        let (file, offset, what) = (one.file.display(), one.offset, &one.what);
        Finding::problem(CHECK, format!("{file} at byte {offset}: {what}"), advice)
    };
    damage.iter().map(problem).collect()
}

/// Sets damage aside; refused while a server has the directory.
pub(super) fn salvage(dir: &Path) -> anyhow::Result<Vec<Finding>> {
    if !is_store(dir) {
        return Ok(Vec::new());
    }
    let parts = doctor::salvage(dir)?;
    if parts.is_empty() {
        return Ok(vec![Finding::ok("salvage", "nothing to set aside")]);
    }
    let aside = |part: &doctor::Salvaged| {
        let (file, copy) = (part.file.display(), part.copy.display());
        let found = format!(
            "{} bytes of {file} at byte {} set aside",
            part.bytes, part.offset
        );
        let advice = format!("what was there is in {copy}");
        Finding::warning("salvage", found, advice)
    };
    Ok(parts.iter().map(aside).collect())
}

fn is_store(dir: &Path) -> bool {
    dir.join("log").is_dir()
}
