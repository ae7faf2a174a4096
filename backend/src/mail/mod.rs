//! Mail. Messages are sealed and queued in the transaction that causes them, and sent after its
//! commit.

pub(crate) mod delivery;
pub(crate) mod message;
pub(crate) mod notifications;
pub(crate) mod queue;
pub(crate) mod sender;
pub(crate) mod service;
pub(crate) mod smtp_url;
pub(crate) mod template;
pub(crate) mod transport;
