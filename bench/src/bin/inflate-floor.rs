//! The floor of ingest: how long one thread needs to inflate a trail with libdeflate, and nothing else.
//!
//! The files are read before the clock starts; the best of five passes counts.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use clap::Parser;
use libdeflater::Decompressor;

/// Inflates every `.json.gz` below a folder, and says how long that took.
#[derive(Parser)]
struct Arguments {
    /// The folder to read.
    folder: PathBuf,
}

#[expect(clippy::print_stdout, reason = "a command line tool answers on standard output")]
fn main() -> Result<()> {
    let mut files = Vec::new();
    collect(&Arguments::parse().folder, &mut files)?;
    ensure!(!files.is_empty(), "there is no .json.gz file in the folder");
    let largest = files.iter().map(|file| size(file)).max().unwrap_or_default();
    let mut buffer = vec![0; largest];
    let mut best = Duration::MAX;
    let mut bytes = 0;
    for _ in 0..5 {
        let start = Instant::now();
        bytes = 0;
        let mut inflate = Decompressor::new();
        for file in &files {
            bytes += inflate
                .gzip_decompress(file, &mut buffer)
                .map_err(|error| anyhow!("inflate a file of {} bytes: {error}", file.len()))?;
        }
        best = best.min(start.elapsed());
    }
    let seconds = best.as_secs_f64();
    println!("{bytes} bytes, {seconds:.3} seconds, {:.0} MB/s", bytes as f64 / seconds / 1e6);
    Ok(())
}

/// The inflated size, as the last four bytes of a gzip file of one member tell it.
fn size(file: &[u8]) -> usize {
    file.last_chunk().map_or(0, |tail| u32::from_le_bytes(*tail) as usize)
}

fn collect(folder: &Path, files: &mut Vec<Vec<u8>>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.to_string_lossy().ends_with(".json.gz") {
            files.push(fs::read(&path).with_context(|| format!("read {}", path.display()))?);
        }
    }
    Ok(())
}
