#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| domain::invariants::name_or_id(text));
