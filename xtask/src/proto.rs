//! `proto/mimc.proto` to `crates/wire/src/generated.rs`, which is checked in: a build needs neither
//! protoc nor a build script.

use std::fs;

use anyhow::{Context, bail};

use crate::root;

const SOURCE: &str = "proto/mimc.proto";
/// What is generated.
pub(crate) const GENERATED: &str = "crates/wire/src/generated.rs";

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
