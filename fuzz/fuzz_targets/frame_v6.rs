//! The property `frame_v6` of `crates/properties`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| properties::check("frame_v6", bytes));
