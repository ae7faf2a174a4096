#![no_main]

libfuzzer_sys::fuzz_target!(|header: &[u8]| domain::claims::cookies(header));
