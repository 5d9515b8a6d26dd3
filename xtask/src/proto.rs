//! `proto/mimc.proto` to `crates/wire/src/generated.rs`, which is checked in: a build needs neither
//! protoc nor a build script.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

const SOURCE: &str = "proto/mimc.proto";
const GENERATED: &str = "crates/wire/src/generated.rs";

/// Writes the generated file.
pub(crate) fn generate() -> anyhow::Result<()> {
    let path = root().join(GENERATED);
    fs::write(&path, generated()?).with_context(|| format!("cannot write {}", path.display()))
}

/// Fails when the checked-in file is not what `generate` would write.
pub(crate) fn check() -> anyhow::Result<()> {
    let checked_in = fs::read_to_string(root().join(GENERATED)).unwrap_or_default();
    if checked_in != generated()? {
        bail!("{GENERATED} differs from {SOURCE}: run `cargo xtask proto` and commit the result");
    }
    Ok(())
}

fn generated() -> anyhow::Result<String> {
    let root = root();
    let files = protox::compile([root.join(SOURCE)], [root.join("proto")])?;
    let module = prost_build::Module::from_protobuf_package_name("mimc");
    let requests = files.file.into_iter().map(|file| (module.clone(), file));
    let mut modules = prost_build::Config::new()
        .bytes(["."])
        .generate(requests.collect())?;
    modules
        .remove(&module)
        .context("nothing was generated for package mimc")
}

fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}
