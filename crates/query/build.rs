//! Builds the crate again when a query appears or goes: `include_dir` alone does not notice.

fn main() {
    println!("cargo:rerun-if-changed=../../queries");
}
