//! Turns the bytes of one CloudTrail object into rows.
