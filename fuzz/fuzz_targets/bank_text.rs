#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bunq_tui::fuzzing::bank_text(data));
