//! Tables as lists of described columns, and rows that know their table.
//!
//! [`table!`](crate::table!) declares a row type once; its columns, their documentation, and the
//! way in and out of storage follow from that declaration and cannot disagree with it.

use crate::{Day, Time};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// UTF-8 text.
    Text,
    /// A signed 64-bit number.
    Long,
    /// True or false.
    Flag,
    /// An instant: microseconds since 1970, UTC.
    Time,
    /// Bytes.
    Bytes,
    /// A UTC day: the partition.
    Day,
}

/// One column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name in SQL.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// What it means, in a sentence or two.
    pub about: &'static str,
}

/// The partition column that every table has, after its own columns.
pub const DATE: Column = Column {
    name: "date",
    kind: Kind::Day,
    nullable: false,
    about: "The UTC day of the row: the partition. A condition on it prunes whole files.",
};

/// One table of the lake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// The name in SQL.
    pub name: &'static str,
    /// Its grain: "One row per …".
    pub about: &'static str,
    /// Its columns in order, without [`DATE`].
    pub columns: &'static [Column],
    /// The column whose UTC day is the partition.
    pub time: &'static str,
    /// The columns its files are sorted by.
    pub sorted_by: &'static [&'static str],
    /// The columns whose files carry a bloom filter, because people look for one value in them.
    pub bloom: &'static [&'static str],
}

impl Table {
    /// Whether it is a table of the lake, with [`DATE`] as its partition, and not one of what the
    /// organisation knows.
    pub fn is_stored(&self) -> bool {
        crate::TABLES.iter().any(|table| table.name == self.name)
    }

    /// The place of a column in [`Table::columns`].
    pub fn index(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }
}

/// A row of a table.
pub trait Row: Sized {
    /// The table it belongs to.
    const TABLE: Table;
    /// The partition it belongs to.
    fn day(&self) -> Day;
    /// Hands every value over, in the order of the columns.
    fn put(&self, sink: &mut impl Sink);
    /// Takes every value back. A column that storage does not have reads as NULL or empty.
    fn take(source: &impl Source) -> Self;
}

/// Where the values of a row go: one call per column, `at` is its place in the table.
#[allow(missing_docs)]
pub trait Sink {
    fn text(&mut self, at: usize, value: Option<&str>);
    fn long(&mut self, at: usize, value: Option<i64>);
    fn flag(&mut self, at: usize, value: Option<bool>);
    fn time(&mut self, at: usize, value: Option<Time>);
    fn bytes(&mut self, at: usize, value: Option<&[u8]>);
}

/// Where the values of a row come from: `at` is the column's place in the table.
#[allow(missing_docs)]
pub trait Source {
    fn text(&self, at: usize) -> Option<&str>;
    fn long(&self, at: usize) -> Option<i64>;
    fn flag(&self, at: usize) -> Option<bool>;
    fn time(&self, at: usize) -> Option<Time>;
    fn bytes(&self, at: usize) -> Option<&[u8]>;
}

/// A Rust type that a column can have.
#[allow(missing_docs)]
pub trait Value: Sized {
    const KIND: Kind;
    const NULLABLE: bool;
    fn put(&self, at: usize, sink: &mut impl Sink);
    fn take(at: usize, source: &impl Source) -> Self;
}

macro_rules! value {
    ($type:ty, $kind:ident, $method:ident, |$this:ident| $as:expr, |$found:ident| $own:expr) => {
        impl Value for $type {
            const KIND: Kind = Kind::$kind;
            const NULLABLE: bool = false;
            fn put(&self, at: usize, sink: &mut impl Sink) {
                let $this = self;
                sink.$method(at, Some($as));
            }
            fn take(at: usize, source: &impl Source) -> Self {
                source.$method(at).map(|$found| $own).unwrap_or_default()
            }
        }
        impl Value for Option<$type> {
            const KIND: Kind = Kind::$kind;
            const NULLABLE: bool = true;
            fn put(&self, at: usize, sink: &mut impl Sink) {
                sink.$method(at, self.as_ref().map(|$this| $as));
            }
            fn take(at: usize, source: &impl Source) -> Self {
                source.$method(at).map(|$found| $own)
            }
        }
    };
}

value!(String, Text, text, |v| v.as_str(), |v| v.to_owned());
value!(i64, Long, long, |v| *v, |v| v);
value!(bool, Flag, flag, |v| *v, |v| v);
value!(Time, Time, time, |v| *v, |v| v);
value!(Vec<u8>, Bytes, bytes, |v| v.as_slice(), |v| v.to_vec());

/// Declares a row type and its [`Table`].
#[macro_export]
macro_rules! table {
    (
        $(#[doc = $about:literal])+
        $row:ident is $name:literal by $day:ident,
        sorted $sorted:expr, bloom $bloom:expr;
        $( $(#[doc = $doc:literal])+ $column:ident: $type:ty, )+
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $row {
            $( $(#[doc = $doc])+ pub $column: $type, )+
        }

        impl $crate::Row for $row {
            const TABLE: $crate::Table = $crate::Table {
                name: $name,
                about: concat!($($about),+).trim_ascii(),
                columns: &[$( $crate::Column {
                    name: stringify!($column),
                    kind: <$type as $crate::table::Value>::KIND,
                    nullable: <$type as $crate::table::Value>::NULLABLE,
                    about: concat!($($doc),+).trim_ascii(),
                }, )+],
                time: stringify!($day),
                sorted_by: &$sorted,
                bloom: &$bloom,
            };

            fn day(&self) -> $crate::Day {
                $crate::Day::from(self.$day)
            }

            fn put(&self, sink: &mut impl $crate::Sink) {
                let mut at = 0;
                $( $crate::table::Value::put(&self.$column, at, sink); at += 1; )+
                debug_assert_eq!(at, Self::TABLE.columns.len());
            }

            fn take(source: &impl $crate::Source) -> Self {
                let mut at = 0..;
                let mut next = move || at.next().unwrap_or_default();
                Self { $( $column: $crate::table::Value::take(next(), source), )+ }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::askable;

    #[test]
    fn every_table_and_column_is_described_in_a_sentence() {
        for table in askable() {
            assert!(table.about.starts_with("One row per "), "{}: {}", table.name, table.about);
            for column in table.columns {
                assert!(column.about.ends_with('.'), "{}.{}", table.name, column.name);
                assert!(!column.about.contains("  "), "{}.{}", table.name, column.name);
            }
        }
    }

    #[test]
    fn sort_and_bloom_columns_exist_and_names_are_unique() {
        for table in askable() {
            for name in table.sorted_by.iter().chain(table.bloom) {
                assert!(table.index(name).is_some(), "{}.{name}", table.name);
            }
            for (at, column) in table.columns.iter().enumerate() {
                assert_eq!(table.index(column.name), Some(at), "{} twice", column.name);
            }
        }
    }
}
