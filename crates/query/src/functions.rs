//! The functions that queries have besides DataFusion's own.
//!
//! All of them take texts, give NULL for NULL, and work on whole columns; an argument that is the
//! same for all rows is read once.

mod arguments;
mod glob;
mod names;
mod networks;

use std::hash::{Hash, Hasher};

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::execution::context::SessionContext;
use datafusion::logical_expr::{
    ColumnarValue, DocSection, Documentation, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature,
};

use arguments::Arguments;

/// What an analyst should know about a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionDoc {
    /// Its name.
    pub name: &'static str,
    /// How it is called: `in_cidr(address, cidr)`.
    pub signature: &'static str,
    /// What it gives, in a sentence or two.
    pub about: &'static str,
    /// An expression that is true.
    pub example: &'static str,
}

/// Every function of ours, by name.
pub fn documented() -> Vec<FunctionDoc> {
    let mut docs: Vec<FunctionDoc> = all().into_iter().map(|function| function.doc).collect();
    docs.sort_by_key(|doc| doc.name);
    docs
}

/// Makes the functions known to a session.
pub(crate) fn register(context: &SessionContext) {
    for function in all() {
        context.register_udf(ScalarUDF::new_from_impl(function));
    }
}

fn all() -> Vec<Function> {
    [names::all(), networks::all(), glob::all()].into_iter().flatten().collect()
}

/// A function: what is said about it, what it takes, what it gives and how.
#[derive(Debug)]
struct Function {
    doc: FunctionDoc,
    signature: Signature,
    gives: DataType,
    documentation: Documentation,
    work: fn(&Arguments) -> Result<ArrayRef>,
}

impl Function {
    fn new(
        doc: FunctionDoc,
        signature: Signature,
        gives: DataType,
        work: fn(&Arguments) -> Result<ArrayRef>,
    ) -> Function {
        const SECTION: DocSection =
            DocSection { include: true, label: "rolecall", description: None };
        let documentation = Documentation::builder(SECTION, doc.about, doc.signature)
            .with_sql_example(format!("SELECT {}", doc.example))
            .build();
        Function { doc, signature, gives, documentation, work }
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Function) -> bool {
        self.doc.name == other.doc.name
    }
}

impl Eq for Function {}

impl Hash for Function {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.doc.name.hash(state);
    }
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        self.doc.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.gives.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arguments = Arguments::of(&args)?;
        let result = (self.work)(&arguments)?;
        if arguments.same_for_all_rows() {
            return ScalarValue::try_from_array(&result, 0).map(ColumnarValue::Scalar);
        }
        Ok(ColumnarValue::Array(result))
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}
