//! Stores and opens the tables as Delta tables.
