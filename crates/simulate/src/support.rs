//! x
use crate::plan::Plan;
/// x
pub fn support_files(_plan: &Plan) -> Vec<(String, String)> {
    Vec::new()
}
