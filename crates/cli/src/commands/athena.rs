//! The statements that register the tables of a lake in Athena.
//!
//! Athena reads Delta tables in place, and takes their columns from their logs: a statement names
//! nothing but where a table lies
//! (<https://docs.aws.amazon.com/athena/latest/ug/delta-lake-tables-getting-started.html>).

use anyhow::{Result, ensure};
use rolecall_model::TABLES;

/// One statement for the database and one for each table of the lake, for Athena takes them one by
/// one. Whatever could end a quoted text or a name is refused, not escaped.
pub(crate) fn statements(lake: &str, database: &str) -> Result<String> {
    let place = lake.trim_end_matches('/');
    let bucket_and_prefix = place.strip_prefix("s3://").unwrap_or_default();
    ensure!(
        !bucket_and_prefix.is_empty() && bucket_and_prefix.chars().all(is_plain),
        "`{lake}` is no place that Athena can read a lake from: write s3://BUCKET/PREFIX"
    );
    ensure!(
        database.starts_with(|c: char| c.is_ascii_lowercase())
            && database.chars().all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit()),
        "`{database}` is no name of a database in Athena: use a-z, 0-9 and _, a letter first"
    );
    let mut statements = vec![format!("CREATE DATABASE IF NOT EXISTS `{database}`;")];
    statements.extend(TABLES.iter().map(|table| {
        let name = table.name;
        format!(
            "CREATE EXTERNAL TABLE `{database}`.`{name}`\nLOCATION '{place}/{name}/'\n\
             TBLPROPERTIES ('table_type' = 'DELTA');"
        )
    }));
    Ok(statements.join("\n\n"))
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '=')
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn every_table_is_registered_where_it_lies() {
        let ddl = statements("s3://acme-lake/audit/lake/", "rolecall").unwrap();
        let expected = "CREATE EXTERNAL TABLE `rolecall`.`event`\n\
                        LOCATION 's3://acme-lake/audit/lake/event/'\n\
                        TBLPROPERTIES ('table_type' = 'DELTA');";
        assert!(ddl.split("\n\n").any(|statement| statement == expected), "{ddl}");
        for table in rolecall_model::TABLES {
            assert!(ddl.contains(&format!("/lake/{}/'", table.name)), "{} is missing", table.name);
        }
        assert_eq!(ddl.split("\n\n").count(), 1 + rolecall_model::TABLES.len());
    }

    #[test]
    fn a_bucket_alone_will_do() {
        assert!(statements("s3://acme-lake", "a").unwrap().contains("'s3://acme-lake/event/'"));
    }

    #[test]
    fn what_would_end_a_text_or_a_name_is_refused() {
        for (lake, database) in [
            ("./rolecall-lake", "rolecall"),
            ("s3://", "rolecall"),
            ("s3://lake'/x", "rolecall"),
            ("s3://lake/x y", "rolecall"),
            ("s3://lake/x", ""),
            ("s3://lake/x", "role`call"),
            ("s3://lake/x", "Rolecall"),
            ("s3://lake/x", "7days"),
        ] {
            assert!(statements(lake, database).is_err(), "{lake} {database}");
        }
    }
}
