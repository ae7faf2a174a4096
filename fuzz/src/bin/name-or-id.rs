#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| domain::claims::name_or_id(text));
