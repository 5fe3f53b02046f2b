//! What a function is called with: columns, or values that are the same for all rows.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Int64Array, LargeStringArray, StringArray,
    StringBuilder, StringViewArray,
};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::{HashMap, Result, exec_err};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs};

/// The arguments of one call.
pub(super) struct Arguments {
    columns: Vec<Argument>,
    rows: usize,
}

/// One argument; `same` if its only value stands for all rows.
struct Argument {
    values: Values,
    same: bool,
}

enum Values {
    Utf8(StringArray),
    LargeUtf8(LargeStringArray),
    Utf8View(StringViewArray),
    Long(Int64Array),
}

impl Arguments {
    pub(super) fn of(args: &ScalarFunctionArgs) -> Result<Arguments> {
        let columns = args.args.iter().map(Argument::of).collect::<Result<Vec<_>>>()?;
        let rows = if columns.iter().all(|column| column.same) { 1 } else { args.number_rows };
        Ok(Arguments { columns, rows })
    }

    pub(super) fn same_for_all_rows(&self) -> bool {
        self.columns.iter().all(|column| column.same)
    }

    /// How many arguments there are.
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// The text of an argument in a row.
    pub(super) fn text(&self, argument: usize, row: usize) -> Option<&str> {
        let column = &self.columns[argument];
        let row = if column.same { 0 } else { row };
        match &column.values {
            Values::Utf8(array) => array.is_valid(row).then(|| array.value(row)),
            Values::LargeUtf8(array) => array.is_valid(row).then(|| array.value(row)),
            Values::Utf8View(array) => array.is_valid(row).then(|| array.value(row)),
            Values::Long(_) => None,
        }
    }

    /// The number of an argument in a row.
    pub(super) fn long(&self, argument: usize, row: usize) -> Option<i64> {
        let column = &self.columns[argument];
        let row = if column.same { 0 } else { row };
        match &column.values {
            Values::Long(array) => array.is_valid(row).then(|| array.value(row)),
            _ => None,
        }
    }

    /// Builds a column of texts, one row after the other.
    pub(super) fn texts<T: AsRef<str>>(
        &self,
        mut each: impl FnMut(usize) -> Result<Option<T>>,
    ) -> Result<ArrayRef> {
        let mut texts = StringBuilder::with_capacity(self.rows, 0);
        for row in 0..self.rows {
            texts.append_option(each(row)?);
        }
        Ok(Arc::new(texts.finish()))
    }

    /// Builds a column of what each text of the only argument tells. A column has few texts for its rows, such
    /// as user agents, and what one tells may take long to find: it is found once.
    pub(super) fn told<'a, T: AsRef<str>>(
        &'a self,
        tell: impl Fn(&'a str) -> Option<T>,
    ) -> Result<ArrayRef> {
        let mut told: HashMap<&str, Option<T>> = HashMap::new();
        let mut texts = StringBuilder::with_capacity(self.rows, 0);
        for row in 0..self.rows {
            let text = self.text(0, row);
            let answer = text.map(|text| told.entry(text).or_insert_with(|| tell(text)));
            texts.append_option(answer.and_then(|answer| answer.as_ref()));
        }
        Ok(Arc::new(texts.finish()))
    }

    /// Builds a column of truth values, one row after the other.
    pub(super) fn flags(
        &self,
        each: impl FnMut(usize) -> Result<Option<bool>>,
    ) -> Result<ArrayRef> {
        let flags = (0..self.rows).map(each).collect::<Result<BooleanArray>>()?;
        Ok(Arc::new(flags))
    }
}

impl Argument {
    fn of(value: &ColumnarValue) -> Result<Argument> {
        let (array, same) = match value {
            ColumnarValue::Array(array) => (array.clone(), false),
            ColumnarValue::Scalar(scalar) => (scalar.to_array()?, true),
        };
        let values = match array.data_type() {
            DataType::Utf8 => Values::Utf8(array.as_string().clone()),
            DataType::LargeUtf8 => Values::LargeUtf8(array.as_string().clone()),
            DataType::Utf8View => Values::Utf8View(array.as_string_view().clone()),
            DataType::Int64 => Values::Long(array.as_primitive::<Int64Type>().clone()),
            other => return exec_err!("an argument of type {other} is neither text nor number"),
        };
        Ok(Argument { values, same })
    }
}
