use domain::{
    Client, EndReason, FactorKind, LoginMethod, Session, SessionId, Timestamp, TokenSuffix, User,
    UserAgent, UserId,
};

use crate::crypto::secrets::{TokenHash, random_base58, random_id};
use crate::error::Failure;
use crate::store::sql::connection::{Connection, Row, query, scalar};
use crate::store::sql::database::Database;
use crate::store::sql::value::{Columns, FromRow};
use crate::store::tables::expiry::forget;
use crate::store::tables::identity::LinkedPlatform;
use crate::store::tables::user::{self, unknown};

/// A session to be stored.
pub(crate) struct NewSessionRow<'a> {
    pub user_id: UserId,
    pub cookie: &'a TokenHash,
    pub companion: &'a TokenHash,
    pub bearer: Option<&'a TokenHash>,
    pub method: LoginMethod,
    pub client: &'a Client,
    pub code: Option<UsedCode>,
    pub factor: Option<FactorKind>,
    pub created_at: Timestamp,
}

/// The login code that started a session, and the identity it was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UsedCode {
    pub code_id: i64,
    pub identity_id: i64,
}

/// Stores the session under a new random ID.
pub(crate) async fn insert(
    connection: &mut Connection,
    session: &NewSessionRow<'_>,
) -> Result<SessionId, Failure> {
    let is_fresh = session.method.is_fresh() || session.factor.is_some();
    let fresh_at = is_fresh.then_some(session.created_at);
    // Retries, because the ID or, among the person's own sessions, the suffix may be taken.
    for _ in 0..3 {
        let id = random_id()?;
        let suffix = random_base58(TokenSuffix::LENGTH)?;
        let inserted = query(
            "insert into sessions
                (id, user_id, cookie_hash, companion_hash, method, client_ip, user_agent,
                 created_at, last_used_at, fresh_at, identity_id, login_code_id,
                 second_factor, bearer_hash, token_suffix)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12, $13, $14)
             on conflict do nothing",
        )
        .bind(id)
        .bind(session.user_id.as_i64())
        .bind(session.cookie.as_bytes())
        .bind(session.companion.as_bytes())
        .bind(session.method.as_str())
        .bind(session.client.ip.to_string())
        .bind(session.client.user_agent.as_str())
        .bind(session.created_at.as_micros())
        .bind(fresh_at.map(Timestamp::as_micros))
        .bind(session.code.map(|code| code.identity_id))
        .bind(session.code.map(|code| code.code_id))
        .bind(session.factor.map(FactorKind::as_str))
        .bind(session.bearer.map(TokenHash::as_bytes))
        .bind(suffix)
        .execute(&mut *connection)
        .await?;
        if inserted == 1 {
            return Ok(SessionId::from_i64(id));
        }
    }
    Err(Failure::Internal(
        "no free session id in three tries".into(),
    ))
}

/// The query for a session with its person: the columns that `from_row` reads, and a condition.
/// It returns one row for each linked platform. This runs with nearly every request, and a second
/// query would double its time.
macro_rules! select_live {
    ($condition:literal) => {
        concat!(
            "select u.id as user_id, u.username, u.display, u.permission_level, u.permission_since, u.state,
                u.state_until, u.email, u.email_verified_at, u.second_factor_at, u.created_at as user_created_at,
                u.updated_at, u.last_activity_at,
                s.id, s.method, s.client_ip, s.user_agent, s.created_at, s.last_used_at, s.fresh_at, s.second_factor,
                s.cookie_hash,
                i.platform, i.platform_user_id, i.name, i.avatar_url, i.linked_at, i.last_authenticated_at, u.avatar_source
         from sessions s join users u on u.id = s.user_id left join identities i on i.user_id = s.user_id ",
            $condition
        )
    };
}

/// A live session with its person, their linked platforms (oldest first), and the stored hash of
/// its shared cookie.
pub(crate) struct Found {
    pub user: User,
    pub linked: Vec<LinkedPlatform>,
    pub session: Session,
    pub cookie_hash: Vec<u8>,
}

impl Found {
    fn of(rows: Vec<Self>) -> Option<Self> {
        let mut rows = rows.into_iter();
        let mut found = rows.next()?;
        found.linked.extend(rows.flat_map(|row| row.linked));
        found.linked.sort_by(LinkedPlatform::by_age);
        Some(found)
    }
}

/// The session with this companion cookie, unless it has ended.
pub(crate) async fn by_companion(
    database: &Database,
    companion: &TokenHash,
) -> Result<Option<Found>, sqlx::Error> {
    let question = select_live!("where s.companion_hash = $1 and s.ended_at is null");
    let rows = database
        .inline_read(question, &[companion.as_bytes().into()])
        .await?;
    Ok(Found::of(rows))
}

/// The session with this shared cookie, unless it has ended.
pub(crate) async fn by_cookie(
    database: &Database,
    cookie: &TokenHash,
) -> Result<Option<Found>, sqlx::Error> {
    let question = select_live!("where s.cookie_hash = $1 and s.ended_at is null");
    let rows = database
        .inline_read(question, &[cookie.as_bytes().into()])
        .await?;
    Ok(Found::of(rows))
}

/// The session with this bearer token, unless it has ended.
pub(crate) async fn by_bearer(
    database: &Database,
    bearer: &TokenHash,
) -> Result<Option<Found>, sqlx::Error> {
    let question = select_live!("where s.bearer_hash = $1 and s.ended_at is null");
    let rows = database
        .inline_read(question, &[bearer.as_bytes().into()])
        .await?;
    Ok(Found::of(rows))
}

/// A session by its ID, unless it has ended.
pub(crate) async fn by_id(
    connection: &mut Connection,
    id: SessionId,
) -> Result<Option<Found>, sqlx::Error> {
    let rows = query(select_live!("where s.id = $1 and s.ended_at is null"))
        .bind(id.as_i64())
        .fetch_all(connection)
        .await?;
    let rows: Result<_, _> = rows.iter().map(Found::from_row).collect();
    rows.map(Found::of)
}

/// Ends the session. Returns `false` if it had already ended.
pub(crate) async fn end(
    connection: &mut Connection,
    id: SessionId,
    reason: EndReason,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let ended = query(
        "update sessions set ended_at = $2, ended_by = $3 where id = $1 and ended_at is null",
    )
    .bind(id.as_i64())
    .bind(now.as_micros())
    .bind(reason.as_str())
    .execute(connection)
    .await?;
    Ok(ended == 1)
}

/// Records that the person presented a password or second factor. Returns `false` if the session
/// has ended.
pub(crate) async fn freshen(
    connection: &mut Connection,
    id: SessionId,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let fresh = query(
        "update sessions set fresh_at = $2, failed_reauths = 0
         where id = $1 and ended_at is null",
    )
    .bind(id.as_i64())
    .bind(now.as_micros())
    .execute(connection)
    .await?;
    Ok(fresh == 1)
}

/// Replaces a session's secrets after the person has reauthenticated. Returns `false` if the
/// session has ended.
pub(crate) async fn renew(
    connection: &mut Connection,
    id: SessionId,
    cookie: &TokenHash,
    companion: &TokenHash,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let renewed = query(
        "update sessions set cookie_hash = $2, companion_hash = $3, fresh_at = $4
         where id = $1 and ended_at is null",
    )
    .bind(id.as_i64())
    .bind(cookie.as_bytes())
    .bind(companion.as_bytes())
    .bind(now.as_micros())
    .execute(connection)
    .await?;
    Ok(renewed == 1)
}

/// Ends all sessions of a person except one. Returns how many.
pub(crate) async fn end_others_of_user(
    connection: &mut Connection,
    kept: &Session,
    reason: EndReason,
    now: Timestamp,
) -> Result<u64, sqlx::Error> {
    end_all_but(connection, (kept.user_id, kept.id), reason, now).await
}

/// The same, if only the IDs of person and kept session are known.
pub(crate) async fn end_all_but(
    connection: &mut Connection,
    (user_id, kept): (UserId, SessionId),
    reason: EndReason,
    now: Timestamp,
) -> Result<u64, sqlx::Error> {
    query(
        "update sessions set ended_at = $3, ended_by = $4
         where user_id = $1 and id <> $2 and ended_at is null",
    )
    .bind(user_id.as_i64())
    .bind(kept.as_i64())
    .bind(now.as_micros())
    .bind(reason.as_str())
    .execute(connection)
    .await
}

/// The live session of a person with this suffix.
pub(crate) async fn by_suffix(
    connection: &mut Connection,
    user_id: UserId,
    suffix: &TokenSuffix,
) -> Result<Option<SessionId>, sqlx::Error> {
    let id: Option<i64> = scalar(
        "select id from sessions
         where user_id = $1 and token_suffix = $2 and ended_at is null",
    )
    .bind(user_id.as_i64())
    .bind(suffix.as_str())
    .fetch_optional(connection)
    .await?;
    Ok(id.map(SessionId::from_i64))
}

/// A session with its suffix and, if it has ended, when and why.
pub(crate) struct SessionRow {
    pub session: Session,
    pub suffix: String,
    pub end: Option<(Timestamp, EndReason)>,
}

/// The query for a person's sessions: the columns that `listed_from_row` reads, and a condition
/// with its order.
macro_rules! select_listed {
    ($condition:literal) => {
        concat!(
            "select id, user_id, method, client_ip, user_agent, created_at, last_used_at, fresh_at,
                    second_factor, token_suffix, ended_at, ended_by
             from sessions where user_id = $1 and ",
            $condition
        )
    };
}

/// The live sessions of a person, most recently used first.
pub(crate) async fn live_of_user(
    connection: &mut Connection,
    user_id: UserId,
    most: i64,
) -> Result<Vec<SessionRow>, sqlx::Error> {
    query(select_listed!(
        "ended_at is null order by last_used_at desc, created_at desc, id limit $2"
    ))
    .bind(user_id.as_i64())
    .bind(most)
    .fetch_all(connection)
    .await?
    .iter()
    .map(listed_from_row)
    .collect()
}

/// The ended sessions of a person that haven't been deleted yet, most recently ended first.
pub(crate) async fn ended_of_user(
    connection: &mut Connection,
    user_id: UserId,
    most: i64,
) -> Result<Vec<SessionRow>, sqlx::Error> {
    query(select_listed!(
        "ended_at is not null order by ended_at desc, created_at desc, id limit $2"
    ))
    .bind(user_id.as_i64())
    .bind(most)
    .fetch_all(connection)
    .await?
    .iter()
    .map(listed_from_row)
    .collect()
}

/// Ends all sessions of a person. Returns how many.
pub(crate) async fn end_all_of_user(
    connection: &mut Connection,
    user_id: UserId,
    reason: EndReason,
    now: Timestamp,
) -> Result<u64, sqlx::Error> {
    query(
        "update sessions set ended_at = $2, ended_by = $3
         where user_id = $1 and ended_at is null",
    )
    .bind(user_id.as_i64())
    .bind(now.as_micros())
    .bind(reason.as_str())
    .execute(connection)
    .await
}

/// Marks a person's expired sessions as ended: those started by one moment and, if idle time
/// counts, those last used by another.
pub(crate) async fn end_expired(
    connection: &mut Connection,
    user_id: UserId,
    begun_by: Timestamp,
    used_by: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update sessions set ended_at = $4, ended_by = $5
         where user_id = $1 and ended_at is null and (created_at <= $2 or last_used_at <= $3)",
    )
    .bind(user_id.as_i64())
    .bind(begun_by.as_micros())
    .bind(used_by.map(Timestamp::as_micros))
    .bind(now.as_micros())
    .bind(EndReason::Expired.as_str())
    .execute(connection)
    .await
    .map(drop)
}

/// Ends a person's sessions that are based only on a login code delivered by a bot.
pub(crate) async fn end_started_by_codes(
    connection: &mut Connection,
    user_id: UserId,
    reason: EndReason,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update sessions set ended_at = $2, ended_by = $3
         where user_id = $1 and ended_at is null and method in ('web_code', 'bot_code')
               and second_factor is null",
    )
    .bind(user_id.as_i64())
    .bind(now.as_micros())
    .bind(reason.as_str())
    .execute(connection)
    .await
    .map(drop)
}

/// Records the second factor that was presented in a session, or that it is off again. An email
/// code doesn't replace a stronger factor.
pub(crate) async fn record_factor(
    connection: &mut Connection,
    id: SessionId,
    factor: Option<FactorKind>,
) -> Result<(), sqlx::Error> {
    query(
        "update sessions
         set second_factor = case when $2 = 'email' then coalesce(second_factor, $2) else $2 end
         where id = $1 and ended_at is null",
    )
    .bind(id.as_i64())
    .bind(factor.map(FactorKind::as_str))
    .execute(connection)
    .await
    .map(drop)
}

/// Counts a wrong password or factor in a logged-in session, and ends the session at the `max`-th.
pub(crate) async fn count_failed_reauth(
    connection: &mut Connection,
    id: SessionId,
    max: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update sessions set failed_reauths = failed_reauths + 1,
                ended_at = case when failed_reauths + 1 >= $4 then $2 else ended_at end,
                ended_by = case when failed_reauths + 1 >= $4 then $3 else ended_by end
         where id = $1 and ended_at is null",
    )
    .bind(id.as_i64())
    .bind(now.as_micros())
    .bind(EndReason::TooManyAttempts.as_str())
    .bind(max)
    .execute(connection)
    .await
    .map(drop)
}

/// The identity with which this code started a session.
pub(crate) async fn identity_of_code(
    connection: &mut Connection,
    code_id: i64,
) -> Result<Option<i64>, sqlx::Error> {
    let found: Option<Option<i64>> =
        scalar("select identity_id from sessions where login_code_id = $1 limit 1")
            .bind(code_id)
            .fetch_optional(connection)
            .await?;
    Ok(found.flatten())
}

/// Ends the sessions started with this code, and with any bot code for this identity.
pub(crate) async fn disown(
    connection: &mut Connection,
    code_id: i64,
    identity_id: Option<i64>,
    now: Timestamp,
) -> Result<u64, sqlx::Error> {
    query(
        "update sessions set ended_at = $3, ended_by = $4
         where ended_at is null
               and (login_code_id = $1 or (identity_id = $2 and method = 'bot_code'))",
    )
    .bind(code_id)
    .bind(identity_id)
    .bind(now.as_micros())
    .bind(EndReason::ReportedByUser.as_str())
    .execute(connection)
    .await
}

/// Ends all sessions started with an identity, except one.
pub(crate) async fn end_others_of_identity(
    connection: &mut Connection,
    identity_id: i64,
    kept: SessionId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update sessions set ended_at = $3, ended_by = $4
         where identity_id = $1 and id <> $2 and ended_at is null",
    )
    .bind(identity_id)
    .bind(kept.as_i64())
    .bind(now.as_micros())
    .bind(EndReason::Unlinked.as_str())
    .execute(connection)
    .await
    .map(drop)
}

/// Marks expired sessions as ended that no request has checked since.
pub(crate) async fn end_older(
    connection: &mut Connection,
    begun_before: Timestamp,
    now: Timestamp,
    most: i64,
) -> Result<u64, sqlx::Error> {
    query(
        "update sessions set ended_at = $2, ended_by = $3 where id in (
             select id from sessions where created_at < $1 and ended_at is null limit $4)",
    )
    .bind(begun_before.as_micros())
    .bind(now.as_micros())
    .bind(EndReason::Expired.as_str())
    .bind(most)
    .execute(connection)
    .await
}

forget!(forget, "sessions", "ended_at");

/// Records a use. It never goes back in time, and never revives an ended session.
pub(crate) async fn touch(
    connection: &mut Connection,
    id: SessionId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "update sessions set last_used_at = $2
         where id = $1 and last_used_at < $2 and ended_at is null",
    )
    .bind(id.as_i64())
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

impl FromRow for Found {
    fn from_row(row: &impl Columns) -> Result<Self, sqlx::Error> {
        let user = user::from_row(row)?;
        Ok(Self {
            session: session_from_row(row, user.id)?,
            user,
            cookie_hash: row.column("cookie_hash")?,
            linked: LinkedPlatform::maybe_from_row(row)?.into_iter().collect(),
        })
    }
}

fn listed_from_row(row: &Row) -> Result<SessionRow, sqlx::Error> {
    let user_id = UserId::from_i64(row.column("user_id")?);
    let ended_at: Option<i64> = row.column("ended_at")?;
    let ended_by: Option<String> = row.column("ended_by")?;
    let reason =
        ended_by.map(|word| EndReason::parse(&word).ok_or_else(|| unknown("ended_by", word)));
    Ok(SessionRow {
        session: session_from_row(row, user_id)?,
        suffix: row.column("token_suffix")?,
        end: ended_at
            .map(Timestamp::from_micros)
            .zip(reason.transpose()?),
    })
}

fn session_from_row(row: &impl Columns, user_id: UserId) -> Result<Session, sqlx::Error> {
    let time = Timestamp::from_micros;
    let id = SessionId::from_i64(row.column("id")?);
    let method: String = row.column("method")?;
    let client_ip = row.column("client_ip")?;
    let user_agent: String = row.column("user_agent")?;
    let created_at = row.column("created_at").map(time)?;
    let last_used_at = row.column("last_used_at").map(time)?;
    let fresh_at: Option<i64> = row.column("fresh_at")?;
    let second_factor: Option<String> = row.column("second_factor")?;
    let second_factor = second_factor
        .map(|kind| FactorKind::parse(&kind).ok_or_else(|| unknown("second_factor", kind)))
        .transpose()?;
    Ok(Session {
        id,
        user_id,
        method: LoginMethod::parse(&method).ok_or_else(|| unknown("method", method))?,
        client_ip,
        user_agent: UserAgent::new(&user_agent),
        created_at,
        last_used_at,
        fresh_at: fresh_at.map(time),
        second_factor,
    })
}
