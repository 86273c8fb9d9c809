#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bunq_tui::fuzzing::api_envelope(data));
