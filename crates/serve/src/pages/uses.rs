//! What keys were used for, and what grew from them.

use futures::try_join;
use rolecall_catalog::ParamValue;
use rolecall_model::Window;
use rolecall_report::live::{Rows, encoded};

use crate::sight::Sight;
use crate::trouble::Trouble;

/// The calls of some keys by API, by address and client, and by account and region.
pub(super) async fn uses(
    sight: &Sight,
    span: Window,
    keys: &ParamValue,
) -> Result<Vec<Rows>, Trouble> {
    let given = [("keys", keys.clone())];
    let (apis, networks, accounts) = try_join!(
        sight.table("uses_by_api", "Uses by API", span, &given),
        sight.table("uses_by_network", "Uses by address and client", span, &given),
        sight.table("uses_by_account", "Uses by account and region", span, &given),
    )?;
    Ok(vec![apis, networks, accounts])
}

/// The saved query about everything that can have begun with a key.
pub(super) fn grown(key: &str) -> (String, String) {
    let text = "Everything that grew from it, also keys that it created".to_owned();
    (text, format!("/sql?saved=grown-from-credential&p.credential={}", encoded(key)))
}
