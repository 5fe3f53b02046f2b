//! Patterns with `*` and `?`, as IAM policies write them.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::{Signature, Volatility};
use rolecall_model::glob::fits;

use super::arguments::Arguments;
use super::{Function, FunctionDoc};

pub(super) fn all() -> Vec<Function> {
    vec![Function::new(
        FunctionDoc {
            name: "glob",
            signature: "glob(text, pattern)",
            about: "Whether the whole text fits a pattern in which `*` stands for any characters \
                    and `?` for one. Upper and lower case differ.",
            example: "glob('arn:aws:iam::111111111111:role/ci-7', 'arn:aws:iam::*:role/ci-?')",
        },
        Signature::string(2, Volatility::Immutable),
        DataType::Boolean,
        glob,
    )]
}

fn glob(arguments: &Arguments) -> Result<ArrayRef> {
    arguments.flags(|row| {
        let (text, pattern) = (arguments.text(0, row), arguments.text(1, row));
        Ok(text.zip(pattern).map(|(text, pattern)| fits(text, pattern)))
    })
}
