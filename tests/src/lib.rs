//! Tests of the whole; nothing to use.
