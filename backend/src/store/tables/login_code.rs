use domain::{
    AvatarUrl, CodeKind, Identity, Network, Platform, PlatformName, SessionId, Timestamp, UserId,
};

use crate::crypto::secrets::TokenHash;
use crate::error::Failure;
use crate::store::sql::connection::{Connection, Row, Statement, query, scalar};
use crate::store::sql::value::Columns;
use crate::store::tables::expiry::forget;
use crate::store::tables::identity::Appearance;
use crate::store::tables::user::unknown;

/// The recipient of a code, as stored in its row: an [`Identity`], or for a decoy a text that is
/// no identity's ID.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub platform: &'a str,
    pub platform_user_id: &'a str,
}

impl<'a> From<&'a Identity> for Subject<'a> {
    fn from(identity: &'a Identity) -> Self {
        Self {
            platform: identity.platform.as_str(),
            platform_user_id: identity.user_id.as_str(),
        }
    }
}

/// Where and how a web code was requested.
#[derive(Clone, Copy)]
pub(crate) struct RequestOrigin<'a> {
    /// The keyed hash of the typed name. `None` if the code was requested by ID.
    pub name: Option<&'a [u8]>,
    pub network: &'a Network,
    pub browser: Option<&'a TokenHash>,
    pub user_agent: &'a str,
}

/// The person and session that a linking code belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Linker {
    pub user_id: UserId,
    pub session_id: SessionId,
}

/// A code to be stored. Decoys have no secrets.
pub(crate) struct NewCode<'a> {
    pub id: i64,
    pub kind: CodeKind,
    pub subject: Subject<'a>,
    pub from: Option<RequestOrigin<'a>>,
    pub linker: Option<Linker>,
    /// When it is announced to bots, if at all.
    pub announced_at: Option<Timestamp>,
    pub hash: Option<&'a [u8]>,
    pub sealed: Option<&'a [u8]>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Stores the code. Returns `false` if the ID or the code already exists; the caller then draws
/// another.
pub(crate) async fn insert(
    connection: &mut Connection,
    code: &NewCode<'_>,
) -> Result<bool, Failure> {
    let browser = code.from.and_then(|from| from.browser);
    let inserted = query(
        "insert into login_codes
            (id, kind, platform, platform_user_id, network, browser_hash, user_agent, code_hash,
             code_ciphertext, failed_attempts, created_at, expires_at, announced_at, link_user_id,
             link_session_id, requested_name_hash)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12, $13, $14, $15)
         on conflict do nothing",
    )
    .bind(code.id)
    .bind(code.kind.as_str())
    .bind(code.subject.platform)
    .bind(code.subject.platform_user_id)
    .bind(code.from.map_or("", |from| from.network.as_str()))
    .bind(browser.map_or(&[][..], TokenHash::as_bytes))
    .bind(code.from.map_or("", |from| from.user_agent))
    .bind(code.hash)
    .bind(code.sealed)
    .bind(code.created_at.as_micros())
    .bind(code.expires_at.as_micros())
    .bind(code.announced_at.map(Timestamp::as_micros))
    .bind(code.linker.map(|linker| linker.user_id.as_i64()))
    .bind(code.linker.map(|linker| linker.session_id.as_i64()))
    .bind(code.from.and_then(|from| from.name))
    .execute(connection)
    .await?;
    Ok(inserted == 1)
}

/// The query for [`Pending`] codes: the columns that `from_row` reads, and a condition.
macro_rules! select_pending {
    ($condition:literal) => {
        concat!(
            "select id, kind, platform, platform_user_id, network, browser_hash, user_agent,
                    code_ciphertext, claimed_name, claimed_avatar_url, link_user_id, link_session_id,
                    created_at, expires_at
             from login_codes ",
            $condition
        )
    };
}

/// A code that may still be used, or its decoy.
pub(crate) struct Pending {
    pub id: i64,
    pub kind: CodeKind,
    pub platform: String,
    pub platform_user_id: String,
    pub network: String,
    pub browser_hash: Vec<u8>,
    pub user_agent: String,
    pub sealed: Option<Vec<u8>>,
    pub claimed_name: Option<String>,
    pub claimed_avatar_url: Option<String>,
    pub linker: Option<Linker>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// The pending web code of this subject, network and browser. If it was requested by name, it is
/// looked up by the typed name, regardless of which account has that name.
pub(crate) async fn pending_web(
    connection: &mut Connection,
    subject: Subject<'_>,
    from: RequestOrigin<'_>,
    now: Timestamp,
) -> Result<Option<Pending>, sqlx::Error> {
    let query = match from.name {
        None => query(select_pending!(
            "where kind = 'web' and platform = $1 and platform_user_id = $2 and requested_name_hash is null
                   and network = $3 and browser_hash = $4 and ended_at is null and expires_at > $5"
        ))
        .bind(subject.platform)
        .bind(subject.platform_user_id),
        Some(name) => query(select_pending!(
            "where kind = 'web' and platform = $1 and requested_name_hash = $2
                   and network = $3 and browser_hash = $4 and ended_at is null and expires_at > $5"
        ))
        .bind(subject.platform)
        .bind(name),
    };
    let query = query
        .bind(from.network.as_str())
        .bind(from.browser.map_or(&[][..], TokenHash::as_bytes))
        .bind(now.as_micros());
    one(connection, query).await
}

/// The pending codes for an identity that were requested on the web, to log in or to link, newest
/// first.
pub(crate) async fn asked_for(
    connection: &mut Connection,
    identity: &Identity,
    now: Timestamp,
) -> Result<Vec<Pending>, sqlx::Error> {
    let query = query(select_pending!(
        "where platform = $1 and platform_user_id = $2 and kind in ('web', 'link')
               and code_ciphertext is not null and ended_at is null and expires_at > $3
         order by created_at desc, id desc"
    ))
    .bind(identity.platform.as_str())
    .bind(identity.user_id.as_str())
    .bind(now.as_micros());
    all(connection, query).await
}

/// The pending bot code for an identity.
pub(crate) async fn bot_made(
    connection: &mut Connection,
    identity: &Identity,
    now: Timestamp,
) -> Result<Option<Pending>, sqlx::Error> {
    let query = query(select_pending!(
        "where platform = $1 and platform_user_id = $2 and kind = 'bot' and ended_at is null
               and expires_at > $3
         order by created_at desc limit 1"
    ))
    .bind(identity.platform.as_str())
    .bind(identity.user_id.as_str())
    .bind(now.as_micros());
    one(connection, query).await
}

/// The pending code of a session for linking this identity.
pub(crate) async fn pending_link(
    connection: &mut Connection,
    identity: &Identity,
    session: SessionId,
    now: Timestamp,
) -> Result<Option<Pending>, sqlx::Error> {
    let query = query(select_pending!(
        "where kind = 'link' and platform = $1 and platform_user_id = $2 and link_session_id = $3
               and ended_at is null and expires_at > $4"
    ))
    .bind(identity.platform.as_str())
    .bind(identity.user_id.as_str())
    .bind(session.as_i64())
    .bind(now.as_micros());
    one(connection, query).await
}

/// The newest pending linking code of a session.
pub(crate) async fn newest_link_of(
    connection: &mut Connection,
    session: SessionId,
    now: Timestamp,
) -> Result<Option<Pending>, sqlx::Error> {
    let query = query(select_pending!(
        "where kind = 'link' and link_session_id = $1 and ended_at is null and expires_at > $2
         order by created_at desc, id desc limit 1"
    ))
    .bind(session.as_i64())
    .bind(now.as_micros());
    one(connection, query).await
}

/// An announced code that is still pending.
pub(crate) async fn announced(
    connection: &mut Connection,
    id: i64,
    now: Timestamp,
) -> Result<Option<Pending>, sqlx::Error> {
    let query = query(select_pending!(
        "where id = $1 and announced_at is not null and code_ciphertext is not null
               and ended_at is null and expires_at > $2"
    ))
    .bind(id)
    .bind(now.as_micros());
    one(connection, query).await
}

/// All announced codes of a platform that are still pending and were requested since a moment,
/// oldest first.
pub(crate) async fn announced_since(
    connection: &mut Connection,
    platform: &Platform,
    since: Timestamp,
    now: Timestamp,
) -> Result<Vec<Pending>, sqlx::Error> {
    let query = query(select_pending!(
        "where platform = $1 and announced_at is not null and code_ciphertext is not null
               and ended_at is null and created_at >= $2 and expires_at > $3
         order by created_at, id"
    ))
    .bind(platform.as_str())
    .bind(since.as_micros())
    .bind(now.as_micros());
    all(connection, query).await
}

/// When a code was requested, ended or not. `None` if it was deleted.
pub(crate) async fn created_at(
    connection: &mut Connection,
    id: i64,
) -> Result<Option<Timestamp>, sqlx::Error> {
    scalar("select created_at from login_codes where id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await
        .map(|found: Option<i64>| found.map(Timestamp::from_micros))
}

/// When codes of an identity were announced since a moment, newest first, at most `most`.
pub(crate) async fn announcements_of(
    connection: &mut Connection,
    identity: &Identity,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    scalar(
        "select announced_at from login_codes
         where platform = $1 and platform_user_id = $2 and announced_at > $3
         order by announced_at desc limit $4",
    )
    .bind(identity.platform.as_str())
    .bind(identity.user_id.as_str())
    .bind(since.as_micros())
    .bind(most)
    .fetch_all(connection)
    .await
    .map(|times: Vec<i64>| times.into_iter().map(Timestamp::from_micros).collect())
}

/// The subject of a code with this ID, pending or not.
pub(crate) async fn subject_of(
    connection: &mut Connection,
    id: i64,
) -> Result<Option<(String, String)>, sqlx::Error> {
    let row = query("select platform, platform_user_id from login_codes where id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok((row.column("platform")?, row.column("platform_user_id")?)))
        .transpose()
}

/// Ends one pending code and erases its secrets.
pub(crate) async fn end(
    connection: &mut Connection,
    id: i64,
    reason: &'static str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let ended = query(
        "update login_codes
         set ended_at = $2, ended_by = $3, code_hash = null, code_ciphertext = null
         where id = $1 and ended_at is null",
    )
    .bind(id)
    .bind(now.as_micros())
    .bind(reason)
    .execute(connection)
    .await?;
    Ok(ended == 1)
}

/// Ends the linking codes that a person requested, and removes the reference to that person.
pub(crate) async fn end_links_of(
    connection: &mut Connection,
    user_id: UserId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update login_codes
         set link_user_id = null, code_hash = null, code_ciphertext = null,
             ended_at = coalesce(ended_at, $2), ended_by = coalesce(ended_by, 'deleted')
         where link_user_id = $1",
    )
    .bind(user_id.as_i64())
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// Ends all pending codes for an identity.
pub(crate) async fn end_all_of(
    connection: &mut Connection,
    identity: &Identity,
    reason: &'static str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update login_codes
         set ended_at = $3, ended_by = $4, code_hash = null, code_ciphertext = null
         where platform = $1 and platform_user_id = $2 and ended_at is null",
    )
    .bind(identity.platform.as_str())
    .bind(identity.user_id.as_str())
    .bind(now.as_micros())
    .bind(reason)
    .execute(connection)
    .await
    .map(drop)
}

/// Ends all pending codes for the identities of a person, and the person's linking codes.
pub(crate) async fn end_all_of_user(
    connection: &mut Connection,
    user_id: UserId,
    reason: &'static str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update login_codes
         set ended_at = $2, ended_by = $3, code_hash = null, code_ciphertext = null
         where ended_at is null and expires_at > $2
               and (link_user_id = $1 or (platform, platform_user_id) in
                    (select platform, platform_user_id from identities where user_id = $1))",
    )
    .bind(user_id.as_i64())
    .bind(now.as_micros())
    .bind(reason)
    .execute(connection)
    .await
    .map(drop)
}

// Codes that ended early are deleted at their expiry, too.
forget!(forget, "login_codes", "expires_at");

/// The newest web code or decoy of a browser that hasn't been ended, including one that expired
/// after this moment.
pub(crate) async fn newest_of_browser(
    connection: &mut Connection,
    browser: &TokenHash,
    ran_out_after: Timestamp,
) -> Result<Option<Pending>, sqlx::Error> {
    let query = query(select_pending!(
        "where kind = 'web' and browser_hash = $1 and ended_at is null and expires_at > $2
         order by created_at desc, id desc limit 1"
    ))
    .bind(browser.as_bytes())
    .bind(ran_out_after.as_micros());
    one(connection, query).await
}

/// The expiry times of the pending codes that a network requested, soonest first.
pub(crate) async fn pending_ends_of(
    connection: &mut Connection,
    network: &Network,
    now: Timestamp,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    scalar(
        "select expires_at from login_codes
         where kind in ('web', 'link') and network = $1 and ended_at is null and expires_at > $2
         order by expires_at",
    )
    .bind(network.as_str())
    .bind(now.as_micros())
    .fetch_all(connection)
    .await
    .map(|ends: Vec<i64>| ends.into_iter().map(Timestamp::from_micros).collect())
}

/// The pending code with this keyed hash.
pub(crate) async fn by_hash(
    connection: &mut Connection,
    hash: &[u8],
    now: Timestamp,
) -> Result<Option<Pending>, sqlx::Error> {
    let query = query(select_pending!(
        "where code_hash = $1 and ended_at is null and expires_at > $2"
    ))
    .bind(hash)
    .bind(now.as_micros());
    one(connection, query).await
}

/// A pending code by its ID.
pub(crate) async fn pending_by_id(
    connection: &mut Connection,
    id: i64,
    now: Timestamp,
) -> Result<Option<Pending>, sqlx::Error> {
    let query = query(select_pending!(
        "where id = $1 and ended_at is null and expires_at > $2"
    ))
    .bind(id)
    .bind(now.as_micros());
    one(connection, query).await
}

/// Consumes the code and erases its secrets. Returns `false` if another request was faster.
pub(crate) async fn consume(
    connection: &mut Connection,
    id: i64,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let consumed = query(
        "update login_codes
         set ended_at = $2, ended_by = 'used', code_hash = null, code_ciphertext = null
         where id = $1 and ended_at is null and expires_at > $2",
    )
    .bind(id)
    .bind(now.as_micros())
    .execute(connection)
    .await?;
    Ok(consumed == 1)
}

/// Remembers what a bot said about a person who has no account yet.
pub(crate) async fn record_appearance(
    connection: &mut Connection,
    identity: &Identity,
    appearance: Appearance<'_>,
) -> Result<(), sqlx::Error> {
    query(
        "update login_codes set claimed_name = $3, claimed_avatar_url = $4
         where platform = $1 and platform_user_id = $2 and ended_at is null",
    )
    .bind(identity.platform.as_str())
    .bind(identity.user_id.as_str())
    .bind(PlatformName::as_str(appearance.name))
    .bind(appearance.avatar.map(AvatarUrl::as_str))
    .execute(connection)
    .await
    .map(drop)
}

/// Which pending codes a wrong attempt counts against.
#[derive(Clone, Copy)]
pub(crate) enum WrongAttemptOf<'a> {
    /// Codes requested by a browser.
    Browser(&'a TokenHash),
    /// Linking codes of a session.
    Session(SessionId),
    /// A correct code that was sent together with a wrong second factor.
    Code(i64),
}

impl<'a> WrongAttemptOf<'a> {
    /// Unused conditions are null: an empty hash would match every program.
    fn columns(self) -> (Option<&'a [u8]>, Option<i64>, Option<i64>) {
        match self {
            Self::Browser(hash) => (Some(hash.as_bytes()), None, None),
            Self::Session(session) => (None, Some(session.as_i64()), None),
            Self::Code(id) => (None, None, Some(id)),
        }
    }
}

/// Counts a wrong attempt against pending codes, and ends those with too many. Codes of other
/// requesters aren't affected.
pub(crate) async fn count_wrong_attempt(
    connection: &mut Connection,
    against: WrongAttemptOf<'_>,
    most: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (browser, session, code) = against.columns();
    query(
        "update login_codes set failed_attempts = failed_attempts + 1
         where (browser_hash = $1 or link_session_id = $2 or id = $3) and ended_at is null
               and expires_at > $4",
    )
    .bind(browser)
    .bind(session)
    .bind(code)
    .bind(now.as_micros())
    .execute(&mut *connection)
    .await?;
    query(
        "update login_codes
         set ended_at = $5, ended_by = 'too_many_attempts', code_hash = null, code_ciphertext = null
         where (browser_hash = $1 or link_session_id = $2 or id = $3) and ended_at is null
               and failed_attempts >= $4",
    )
    .bind(browser)
    .bind(session)
    .bind(code)
    .bind(most)
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// Runs a query of [`select_pending!`] for one code.
async fn one(
    connection: &mut Connection,
    query: Statement<'_>,
) -> Result<Option<Pending>, sqlx::Error> {
    let row = query.fetch_optional(connection).await?;
    row.as_ref().map(from_row).transpose()
}

/// Runs a query of [`select_pending!`] for all matching codes.
async fn all(
    connection: &mut Connection,
    query: Statement<'_>,
) -> Result<Vec<Pending>, sqlx::Error> {
    query
        .fetch_all(connection)
        .await?
        .iter()
        .map(from_row)
        .collect()
}

fn linker(row: &Row) -> Result<Option<Linker>, sqlx::Error> {
    let user_id: Option<i64> = row.column("link_user_id")?;
    let session_id: Option<i64> = row.column("link_session_id")?;
    Ok(user_id.zip(session_id).map(|(user_id, session_id)| Linker {
        user_id: UserId::from_i64(user_id),
        session_id: SessionId::from_i64(session_id),
    }))
}

fn from_row(row: &Row) -> Result<Pending, sqlx::Error> {
    let kind: String = row.column("kind")?;
    Ok(Pending {
        id: row.column("id")?,
        kind: CodeKind::parse(&kind).ok_or_else(|| unknown("kind", kind))?,
        platform: row.column("platform")?,
        platform_user_id: row.column("platform_user_id")?,
        network: row.column("network")?,
        browser_hash: row.column("browser_hash")?,
        user_agent: row.column("user_agent")?,
        sealed: row.column("code_ciphertext")?,
        claimed_name: row.column("claimed_name")?,
        claimed_avatar_url: row.column("claimed_avatar_url")?,
        linker: linker(row)?,
        created_at: Timestamp::from_micros(row.column("created_at")?),
        expires_at: Timestamp::from_micros(row.column("expires_at")?),
    })
}
