#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| domain::invariants::forwarded(text));
