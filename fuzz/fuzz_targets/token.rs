#![no_main]
//! See `crates/properties`.

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::check("token", bytes));
