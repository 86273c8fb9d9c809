#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = bunq_tui::base::BankText::new(&String::from_utf8_lossy(data));
});
