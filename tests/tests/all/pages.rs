//! Generated pages are current: `./dev docs` writes them anew.

use std::collections::BTreeSet;
use std::path::Path;

use rolecall_tests::pages::pages;

#[test]
fn pages_say_what_the_queries_do() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let pages = tokio::runtime::Runtime::new().unwrap().block_on(pages());
    let folder = root.join("docs/detections");
    if std::env::var_os("ROLECALL_WRITE_PAGES").is_some() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for (path, text) in &pages {
            std::fs::write(root.join(path), text).unwrap();
        }
    }
    for (path, text) in &pages {
        let found = std::fs::read_to_string(root.join(path)).unwrap_or_default();
        assert!(found == *text, "{} is not current: run `./dev docs`", path.display());
    }
    let expected: BTreeSet<_> = pages.iter().map(|(path, _)| root.join(path)).collect();
    let found: BTreeSet<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(found, expected, "pages without a detection: run `./dev docs`");
}
