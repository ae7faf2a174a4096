//! Drivers, connections, transactions, and the differences between the two engines.

pub(crate) mod connection;
pub(crate) mod database;
pub(crate) mod database_copy;
pub(crate) mod database_url;
pub(crate) mod embedded;
#[cfg(feature = "testing")]
pub(crate) mod fail_point;
pub(crate) mod group_commit;
pub(crate) mod inline_read;
pub(crate) mod migrations;
pub(crate) mod pool;
pub(crate) mod row_lock;
pub(crate) mod signal;
pub(crate) mod value;
