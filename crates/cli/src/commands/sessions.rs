//! `rolecall sessions`: who holds, or held, which credential.

use anyhow::Result;
use clap::Args;
use rolecall_lake::{Access, span_of};
use rolecall_model::arn::is_account;

use super::detect::SpanArguments;
use super::rows::{ask, literal};
use crate::clock;
use crate::desk::Desk;
use crate::exit::Exit;

/// List sessions: who holds which credential, from whom, for how long
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  rolecall sessions --longer-than 4h\n  rolecall sessions --account 333333333333 --from 7d\n  rolecall sessions --name '*mara*'\n  rolecall sessions --principal '*:role/deploy*' --depth 1 --format csv"
)]
pub(crate) struct Sessions {
    /// Only sessions of principals that match, with * and ?
    #[arg(long, value_name = "GLOB")]
    principal: Option<String>,
    /// Only sessions whose root matches, with * and ?
    #[arg(long, value_name = "GLOB")]
    root: Option<String>,
    /// Only sessions whose name matches, with * and ?
    #[arg(long, value_name = "GLOB")]
    name: Option<String>,
    /// Only sessions that act in this account
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    account: Option<String>,
    /// Only sessions granted longer than this, such as 4h
    #[arg(long, value_name = "TIME", value_parser = clock::seconds)]
    longer_than: Option<i64>,
    /// Only sessions at least so many hops from their root
    #[arg(long, value_name = "N")]
    depth: Option<i64>,
    #[command(flatten)]
    span: SpanArguments,
    /// At most so many, newest first
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

impl Sessions {
    pub(crate) async fn run(self, desk: &Desk) -> Result<Exit> {
        if let Some(data) = span_of(&desk.lake(Access::Existing).await?) {
            self.span.of(data)?;
        }
        let engine = desk.engine().await?;
        let conditions = self.conditions();
        let sql = format!(
            "SELECT created_at, session_id, principal, session_name, root_principal AS root, depth, calls, \
             granted_seconds AS seconds, use_link FROM session WHERE {conditions} ORDER BY created_at DESC, session_id LIMIT {}",
            self.limit
        );
        let (columns, rows) = ask(&engine, &sql).await?;
        desk.out.rows(&columns, &rows)?;
        let count = format!("SELECT count(*) AS n FROM session WHERE {conditions}");
        let (_, count) = ask(&engine, &count).await?;
        let all = count.first().and_then(|row| row["n"].as_i64()).unwrap_or_default();
        desk.out.say(&format!(
            "{} of {all} sessions · `rolecall lineage SESSION-ID` shows where one came from",
            rows.len()
        ))?;
        Ok(Exit::Done)
    }

    fn conditions(&self) -> String {
        let mut conditions = vec!["true".to_owned()];
        conditions.extend(
            self.principal.iter().map(|glob| format!("glob(principal, {})", literal(glob))),
        );
        conditions.extend(
            self.root.iter().map(|glob| format!("glob(root_principal, {})", literal(glob))),
        );
        conditions
            .extend(self.name.iter().map(|glob| format!("glob(session_name, {})", literal(glob))));
        conditions.extend(
            self.account.iter().map(|account| format!("account_id = {}", literal(account))),
        );
        conditions.extend(self.longer_than.map(|seconds| format!("granted_seconds > {seconds}")));
        conditions.extend(self.depth.map(|depth| format!("depth >= {depth}")));
        let instant = |at: rolecall_model::Time| format!("TIMESTAMP '{at}'");
        conditions.extend(self.span.from.map(|at| format!("created_at >= {}", instant(at))));
        conditions.extend(self.span.until.map(|at| format!("created_at < {}", instant(at))));
        conditions.join(" AND ")
    }
}

fn account(text: &str) -> Result<String, String> {
    match is_account(text) {
        true => Ok(text.to_owned()),
        false => Err("an account has twelve digits".to_owned()),
    }
}
