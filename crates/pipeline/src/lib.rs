//! The steps: ingest, trace, detect; each repeatable.
