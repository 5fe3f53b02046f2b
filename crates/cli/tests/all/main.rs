//! The real program, in folders of its own and an environment without surprises.

mod answers;
mod kept;
mod manners;
mod s3;
mod support;
