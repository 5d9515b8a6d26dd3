//! The property `frame_v5` of `crates/properties`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::check("frame_v5", bytes));
