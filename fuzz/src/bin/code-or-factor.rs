#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| domain::claims::code_or_factor(text));
