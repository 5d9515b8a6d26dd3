//! The property `index` of `crates/properties`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::check("index", bytes));
