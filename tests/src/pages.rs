//! The pages that are generated from the queries, and where they stand.

use std::path::PathBuf;

use rolecall_catalog::{overview, page};
use rolecall_query::{bundled, columns, load};

/// Every generated page: its path below the root of the repository, and its text.
pub async fn pages() -> Vec<(PathBuf, String)> {
    let detections = load(&bundled()).await.unwrap();
    let mut pages = vec![(place("README"), overview(&detections))];
    for detection in &detections {
        let columns = columns(detection).await.unwrap();
        pages.push((place(&detection.id), page(detection, &columns)));
    }
    pages
}

fn place(name: &str) -> PathBuf {
    PathBuf::from(format!("docs/detections/{name}.md"))
}
