//! Comma-separated values, as the program writes them everywhere.

use std::io::{self, Write};

use rolecall_report::{csv_head, csv_row};

use super::Row;

/// Writes a header and rows.
pub(crate) fn write(
    into: &mut (impl Write + ?Sized),
    columns: &[String],
    rows: &[Row],
) -> io::Result<()> {
    header(into, columns)?;
    self::rows(into, columns, rows)
}

/// Writes the header.
pub(crate) fn header(into: &mut (impl Write + ?Sized), columns: &[String]) -> io::Result<()> {
    into.write_all(csv_head(columns).as_bytes())
}

/// Writes rows.
pub(crate) fn rows(
    into: &mut (impl Write + ?Sized),
    columns: &[String],
    rows: &[Row],
) -> io::Result<()> {
    rows.iter().try_for_each(|row| into.write_all(csv_row(columns, row).as_bytes()))
}
