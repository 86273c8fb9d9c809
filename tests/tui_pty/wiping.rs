//! `wipe` while the screens have the store open.

use crate::common::{approving, connect};
use crate::terminal::Terminal;

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_a_screen_has_open_stays() {
    let (_simulator, bench) = approving().await;
    assert_eq!(bench.run(&["setup", "--person"]).code, 0);
    connect(&bench, &["connect", "--format", "json"]).await;
    bench.json(&["accounts", "1", "--format", "json"]);
    let mut screens = Terminal::of(&bench, 100, 30);
    screens.until_text("3 Users");
    screens.until_text("person");
    let ran = bench.without_key(&["wipe", "--yes"]);
    assert_eq!(ran.code, 75, "{}", ran.stderr);
    assert!(ran.stderr.contains(" has the profile "), "{}", ran.stderr);
    assert_eq!(bench.run(&["users"]).code, 0);
    screens.press("q");
    assert_eq!(screens.ended(), 0);
    assert_eq!(bench.without_key(&["wipe", "--yes"]).code, 0);
    assert!(bench.data_dir().join("state.toml").exists());
}
