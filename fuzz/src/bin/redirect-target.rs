#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| domain::claims::redirect_target(text));
