//! What only the whole can show. One binary, since each links all of DataFusion.

mod architecture;
mod exactly_once;
mod real_logs;
