//! What holds of whatever stands in a configuration file.

use std::path::Path;

use crate::config;

/// A file is taken, and then all of its values are known, or refused in one line that names it.
///
/// # Panics
///
/// When it is neither.
pub fn config(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else {
        return;
    };
    let name = Path::new("mimc.toml");
    match config::load_text(name, text) {
        Ok(loaded) => {
            let data_dir = loaded.settings["data_dir"].value.as_str();
            assert_eq!(loaded.config.data_dir.to_str(), data_dir);
        }
        Err(error) => {
            let said = format!("{error:#}");
            assert!(!said.contains('\n'), "{said:?}");
        }
    }
}
