//! Known devices: browsers that a person has logged in with before. A device is recognised by its
//! device ID or, for notifications only, by its browser kind and network.

use domain::{Client, DeviceId, Timestamp, UserId};

use crate::crypto::secrets::Token;
use crate::crypto::server_secret::Purpose;
use crate::error::Failure;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::tables::known_device;

/// A device ID for a browser without one. `None` if the system's random generator failed; the
/// login works without an ID.
#[must_use]
pub fn new_device_id() -> Option<DeviceId> {
    new_mark().ok()
}

pub(crate) fn new_mark() -> Result<DeviceId, Failure> {
    let mark = Token::random()?.reveal().parse();
    mark.map_err(|error| Failure::Internal(format!("{error:?}").into()))
}

impl Portal {
    /// Whether the person has logged in from the device with this ID before.
    pub(crate) async fn is_known_device(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        client: &Client,
    ) -> Result<bool, Failure> {
        Ok(match &client.browser {
            Some(mark) => {
                let mark = self.device_hash(mark);
                known_device::is_known(transaction, user_id, &mark).await?
            }
            None => false,
        })
    }

    /// Remembers the device of a login. Returns whether to report it as new: the person had other
    /// devices before, and neither its ID nor its browser kind in this network was known.
    pub(crate) async fn remember_device(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        client: &Client,
        now: Timestamp,
    ) -> Result<bool, Failure> {
        let kind = self.browser_network_hash(client);
        let is_news = known_device::any_of(transaction, user_id).await?
            && !known_device::is_known(transaction, user_id, &kind).await?
            && !self.is_known_device(transaction, user_id, client).await?;
        known_device::remember(transaction, user_id, &kind, now).await?;
        if let Some(mark) = &client.browser {
            let mark = self.device_hash(mark);
            known_device::remember(transaction, user_id, &mark, now).await?;
        }
        Ok(is_news)
    }

    /// Forgets all devices except the one where the new password was set. The others may belong
    /// to an attacker who knew the old password.
    pub(crate) async fn forget_other_devices(
        &self,
        transaction: &mut Transaction,
        user_id: UserId,
        client: &Client,
        now: Timestamp,
    ) -> Result<(), Failure> {
        known_device::forget_all_of(transaction, user_id).await?;
        self.remember_device(transaction, user_id, client, now)
            .await?;
        Ok(())
    }

    fn device_hash(&self, mark: &DeviceId) -> [u8; 32] {
        self.secret
            .keyed_hash(Purpose::Browser, mark.as_str().as_bytes())
    }

    /// The hash of browser kind and network. It can't collide with that of a device ID: this text
    /// contains spaces, and device IDs don't.
    fn browser_network_hash(&self, client: &Client) -> [u8; 32] {
        let (kind, network) = (client.user_agent.to_human(), client.network());
        let place = format!("{kind} at {}", network.as_str());
        self.secret.keyed_hash(Purpose::Browser, place.as_bytes())
    }
}
