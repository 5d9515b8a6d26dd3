//! The binary `mimc`.
fn main() {}
