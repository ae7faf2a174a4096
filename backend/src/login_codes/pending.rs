//! Properties of a pending code: its identity, and where it may be used.

use domain::{AvatarUrl, Client, CodeKind, Identity, PlatformName};
use subtle::ConstantTimeEq as _;

use crate::crypto::secrets::TokenHash;
use crate::error::Failure;
use crate::store::sql::database::Transaction;
use crate::store::tables::identity::{self, Appearance};
use crate::store::tables::login_code::Pending;

impl Pending {
    /// Whether the code may be used by this client.
    ///
    /// A web code works only in the network and browser that requested it (docs/contract.md, Web
    /// codes and bot codes; ASVS 6.6.2).
    pub(crate) fn is_bound_to(&self, client: &Client, browser: Option<&TokenHash>) -> bool {
        match self.kind {
            // A program requests codes without a browser, so only the network binds them.
            CodeKind::Web => {
                self.network == client.network().as_str()
                    && (self.browser_hash.is_empty() || self.is_of(browser))
            }
            CodeKind::Bot => true,
            CodeKind::Link => false,
        }
    }

    pub(crate) fn is_of(&self, browser: Option<&TokenHash>) -> bool {
        let own_browser = browser.map_or(&[][..], TokenHash::as_bytes);
        self.browser_hash.as_slice().ct_eq(own_browser).into()
    }

    /// Copies the name and avatar claimed by a bot to a newly linked identity.
    pub(crate) async fn apply_appearance(
        &self,
        transaction: &mut Transaction,
        identity: &Identity,
    ) -> Result<(), Failure> {
        let name = self.claimed_name.as_deref().map(str::parse::<PlatformName>);
        let Some(Ok(name)) = name else {
            return Ok(());
        };
        let avatar = self
            .claimed_avatar_url
            .as_deref()
            .and_then(AvatarUrl::parse);
        let appearance = Appearance {
            name: &name,
            avatar: avatar.as_ref(),
        };
        Ok(identity::refresh(transaction, identity, appearance).await?)
    }

    pub(crate) fn identity(&self) -> Result<Identity, Failure> {
        let broken = || Failure::Internal("a code is for no possible identity".into());
        Ok(Identity {
            platform: self.platform.parse().map_err(|_| broken())?,
            user_id: self.platform_user_id.parse().map_err(|_| broken())?,
        })
    }
}
