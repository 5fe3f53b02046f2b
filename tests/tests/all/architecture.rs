//! The arrows between our crates point down, and the lowest crates know no effects.

use std::collections::{HashMap, HashSet};
use std::process::Command;

use serde_json::Value;

/// A crate may use the layers above it in this list.
const LAYERS: &[&[&str]] = &[
    &["rolecall-model"],
    &[
        "rolecall-cloudtrail",
        "rolecall-lineage",
        "rolecall-catalog",
        "rolecall-networks",
        "rolecall-known",
        "rolecall-evaluate",
        "rolecall-simulate",
        "rolecall-report",
        "rolecall-outputs",
    ],
    &["rolecall-lake"],
    &["rolecall-query", "rolecall-alert"],
    &["rolecall-pipeline", "rolecall-serve"],
    &["rolecall-cli", "rolecall-functions", "rolecall-tests", "rolecall-bench"],
];

/// Layers that are pure: values in, values out.
const PURE_LAYERS: usize = 2;

/// What pure crates may not reach, however indirectly.
const EFFECTS: &[&str] = &[
    "tokio",
    "object_store",
    "datafusion",
    "deltalake-core",
    "arrow",
    "parquet",
    "reqwest",
    "axum",
    "hyper",
    "aws-config",
];

/// The workspace as cargo resolved it: each package's normal and build dependencies by name.
fn dependencies() -> HashMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: HashMap<&str, &str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package["name"].as_str().unwrap()))
        .collect();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap().iter();
    nodes
        .map(|node| {
            let used = node["deps"].as_array().unwrap().iter().filter(|dependency| {
                let kinds = dependency["dep_kinds"].as_array().unwrap();
                kinds.iter().any(|kind| kind["kind"] != "dev")
            });
            let used = used.map(|dependency| names[dependency["pkg"].as_str().unwrap()].to_owned());
            (names[node["id"].as_str().unwrap()].to_owned(), used.collect())
        })
        .collect()
}

fn layer(package: &str) -> usize {
    LAYERS.iter().position(|layer| layer.contains(&package)).unwrap_or_else(|| {
        panic!("{package} has no layer: enter it in LAYERS of tests/tests/all/architecture.rs")
    })
}

#[test]
fn arrows_point_down() {
    for (package, used) in dependencies() {
        if !package.starts_with("rolecall-") {
            continue;
        }
        for used in used.iter().filter(|name| name.starts_with("rolecall-")) {
            assert!(layer(used) < layer(&package), "{package} may not use {used}");
        }
    }
}

#[test]
fn pure_crates_reach_no_effects() {
    let dependencies = dependencies();
    for pure in LAYERS[..PURE_LAYERS].iter().copied().flatten() {
        let mut reached = HashSet::new();
        let mut open = vec![(*pure).to_owned()];
        while let Some(package) = open.pop() {
            if reached.insert(package.clone()) {
                open.extend(dependencies[&package].iter().cloned());
            }
        }
        for effect in EFFECTS {
            assert!(!reached.contains(*effect), "{pure} is pure, and yet it reaches {effect}");
        }
    }
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let folders = ["crates", "functions", "tests", "bench", "fuzz"];
    let mut open = folders.map(|folder| root.join(folder)).to_vec();
    let mut seen = 0;
    while let Some(path) = open.pop() {
        if path.ends_with("target") {
            continue;
        }
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.trim_start_matches("#![no_main]\n");
            assert!(
                text.starts_with("//! "),
                "{} does not begin with a //! sentence",
                path.display()
            );
            seen += 1;
        }
    }
    assert!(seen > 50, "only {seen} files found");
}
