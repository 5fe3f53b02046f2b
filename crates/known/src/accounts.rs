//! The accounts of the organisation as AWS lists them: JSON of the command line, or CSV of the
//! console.

use serde_json::Value;

use crate::check;

/// An account: its id, and its name if it has one.
pub(crate) type Listed = (String, Option<String>);

/// Reads a list of accounts, or says all that is wrong with it.
pub(crate) fn read(text: &str) -> Result<Vec<Listed>, Vec<String>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let rows = match text.as_bytes().first() {
        None => Err("is empty".into()),
        Some(b'{' | b'[') => json(text),
        Some(_) => csv(text),
    };
    let rows = rows.map_err(|why| vec![why])?;
    let (mut accounts, mut faults) = (Vec::new(), Vec::new());
    for (at, (id, name)) in rows.into_iter().enumerate() {
        match check::account(&id) {
            Ok(id) => accounts.push((id, name.filter(|name| !name.trim().is_empty()))),
            Err(_) => {
                faults.push(format!("has `{id}` as its account {}, which is no account id", at + 1))
            }
        }
    }
    if accounts.is_empty() && faults.is_empty() {
        faults.push("names no account".into());
    }
    if faults.is_empty() { Ok(accounts) } else { Err(faults) }
}

/// `{"Accounts": [{"Id": …, "Name": …}]}`, or the list alone.
fn json(text: &str) -> Result<Vec<Listed>, String> {
    let value: Value = serde_json::from_str(text).map_err(|why| format!("is no JSON: {why}"))?;
    let accounts = value.get("Accounts").unwrap_or(&value).as_array();
    let accounts = accounts.ok_or("has no list `Accounts`")?;
    let text = |account: &Value, key: &str| account.get(key)?.as_str().map(str::to_owned);
    let row = |(at, account): (usize, &Value)| match text(account, "Id") {
        Some(id) => Ok((id, text(account, "Name"))),
        None => Err(format!("has no text `Id` in its account {}", at + 1)),
    };
    accounts.iter().enumerate().map(row).collect()
}

/// A header that names the columns, then one account a line.
fn csv(text: &str) -> Result<Vec<Listed>, String> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(cells);
    let header = lines.next().unwrap_or_default();
    let column = |names: [&str; 3]| {
        header.iter().position(|cell| names.contains(&cell.trim().to_ascii_lowercase().as_str()))
    };
    let id = column(["account id", "id", "account"]);
    let id = id.ok_or("is neither JSON nor CSV with a column `Account ID`")?;
    let name = column(["account name", "name", "alias"]);
    let cell = |cells: &[String], at: usize| cells.get(at).map(|cell| cell.trim().to_owned());
    let row = |cells: Vec<String>| {
        let name = name.and_then(|at| cell(&cells, at));
        (cell(&cells, id).unwrap_or_default(), name)
    };
    Ok(lines.map(row).collect())
}

/// The cells of a line; quotes may hold commas, and quotes in quotes are doubled.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.peek() == Some(&'"') => cell.extend(rest.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn every_form_in_which_aws_lists_accounts() {
        let one = "111111111111";
        for (text, expected) in [
            (r#"{"Accounts":[{"Id":"111111111111","Name":"prod"}]}"#, Some(Some("prod"))),
            (r#"[{"Id":"111111111111"}]"#, Some(None)),
            (
                "Account ID,ARN,Email,Name\n111111111111,arn,a@example.com,\"prod, eu\"",
                Some(Some("prod, eu")),
            ),
            (
                "\u{feff}\"Account ID\",\"Account name\"\r\n\"111111111111\",\"the \"\"prod\"\"\"\r\n",
                Some(Some("the \"prod\"")),
            ),
            (r#"{"Accounts":[{"Id":111111111111}]}"#, None),
            (r#"{"Accounts":[{"Id":"1"}]}"#, None),
            (r#"{"Accounts":[]}"#, None),
            (r#"{"Roles":[]}"#, None),
            ("{", None),
            ("", None),
            ("Email\na@example.com", None),
        ] {
            let found = read(text).ok().map(|accounts| accounts[0].clone());
            let expected = expected.map(|name| (one.to_owned(), name.map(str::to_owned)));
            assert_eq!(found, expected, "{text}");
        }
    }
}
