//! What the five functions share.
