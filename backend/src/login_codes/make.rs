//! Creation of codes of every kind (docs/contract.md, Login by code).

use crate::login_codes::verify::MAX_PENDING_CODES;
use std::time::Duration;

use domain::{CodeKind, Identity, LoginCode, Network, Timestamp};

use crate::crypto::secrets::{random_base58, random_id};
use crate::crypto::server_secret::Purpose;
use crate::error::Failure;
use crate::portal::Portal;
use crate::rate_limit::window::Limit;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, RowLock};
use crate::store::sql::signal::Signal;
use crate::store::tables::login_code::{self, Linker, NewCode, RequestOrigin, Subject};

/// Codes per identity that are announced to bots, in ten minutes and in a day. Prevents strangers
/// from flooding a person with messages (docs/contract.md, Bot events).
const ANNOUNCEMENT_LIMITS: [Limit; 2] = [
    Limit::new(3, Duration::from_mins(10)),
    Limit::new(20, Duration::from_hours(24)),
];

/// A code to create.
pub(crate) struct Code<'a> {
    pub kind: CodeKind,
    pub subject: Subject<'a>,
    pub from: Option<RequestOrigin<'a>>,
    pub linker: Option<Linker>,
    /// The identity whose platform's bots are notified, within the limits.
    pub announced_to: Option<&'a Identity>,
    pub decoy: bool,
}

/// A created code.
pub(crate) struct MadeCode {
    pub id: i64,
    pub code: LoginCode,
    pub expires_at: Timestamp,
}

/// Returns how long until one of a network's pending codes expires, if all slots are taken. The
/// caller holds the network's [`RowLock::CodesOf`].
pub(crate) async fn pending_slot_wait(
    transaction: &mut Transaction,
    network: &Network,
    now: Timestamp,
) -> Result<Option<Duration>, Failure> {
    let ends = login_code::pending_ends_of(transaction, network, now).await?;
    Ok(ends
        .first()
        .filter(|_| ends.len() >= MAX_PENDING_CODES)
        .map(|first| first.since(now).max(Duration::from_secs(1))))
}

async fn reserve_announcement(
    transaction: &mut Transaction,
    identity: &Identity,
    now: Timestamp,
) -> Result<bool, Failure> {
    row_lock::acquire(transaction, RowLock::AnnouncementsOf(identity)).await?;
    for limit in ANNOUNCEMENT_LIMITS {
        let (since, max) = (limit.since(now), limit.max);
        let latest = login_code::announcements_of(transaction, identity, since, max).await?;
        if limit.retry_after(&latest, now).is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

impl Portal {
    /// Creates a code and stores it encrypted, under its keyed hash.
    ///
    /// Draws again if the same code is pending. `None` after three collisions.
    pub(crate) async fn make_code(
        &self,
        transaction: &mut Transaction,
        code: &Code<'_>,
        now: Timestamp,
    ) -> Result<Option<MadeCode>, Failure> {
        let expires_at = now + LoginCode::LIFETIME;
        let announced = match code.announced_to {
            Some(identity) => reserve_announcement(transaction, identity, now).await?,
            None => false,
        };
        for _ in 0..3 {
            let id = random_id()?;
            let text = random_base58(LoginCode::LENGTH)?;
            // Also computed for decoys, to equalise the work.
            let hash = self.secret.keyed_hash(Purpose::LoginCode, text.as_bytes());
            let sealed = self.secret.seal(Purpose::LoginCode, id, text.as_bytes())?;
            let row = NewCode {
                id,
                kind: code.kind,
                subject: code.subject,
                from: code.from,
                hash: (!code.decoy).then_some(&hash[..]),
                sealed: (!code.decoy).then_some(&sealed[..]),
                linker: code.linker,
                announced_at: announced.then_some(now),
                created_at: now,
                expires_at,
            };
            if login_code::insert(transaction, &row).await? {
                if announced {
                    transaction.signal(Signal::CodeRequested(id)).await?;
                }
                let code = text
                    .parse()
                    .map_err(|_| Failure::Internal("a made code is no code".into()))?;
                return Ok(Some(MadeCode {
                    id,
                    code,
                    expires_at,
                }));
            }
        }
        Ok(None)
    }

    /// Creates a code and fails if none could be drawn.
    pub(crate) async fn make_required_code(
        &self,
        transaction: &mut Transaction,
        code: &Code<'_>,
        now: Timestamp,
    ) -> Result<MadeCode, Failure> {
        let made = self.make_code(transaction, code, now).await?;
        made.ok_or_else(|| Failure::Internal("no free code in three tries".into()))
    }
}
