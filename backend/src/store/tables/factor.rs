use domain::{FactorKind, SessionId, Timestamp, UserId};

use crate::crypto::secrets::random_id;
use crate::error::Failure;
use crate::store::sql::connection::{Connection, Row, query, scalar};
use crate::store::sql::value::Columns;
use crate::store::tables::expiry::forget;
use crate::store::tables::user::unknown;

/// A second factor that is on, or offered and not confirmed yet.
#[derive(Clone)]
pub(crate) struct Factor {
    pub kind: FactorKind,
    pub sealed: Option<Vec<u8>>,
    /// The session that it was offered in.
    pub session_id: Option<SessionId>,
    pub created_at: Timestamp,
    pub confirmed_at: Option<Timestamp>,
    pub locked_at: Option<Timestamp>,
}

/// All factors of a person.
pub(crate) async fn of_user(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<Vec<Factor>, sqlx::Error> {
    query(
        "select kind, secret_ciphertext, session_id, created_at, confirmed_at, locked_at from factors
         where user_id = $1 order by kind desc",
    )
    .bind(user_id.as_i64())
    .fetch_all(connection)
    .await?
    .iter()
    .map(from_row)
    .collect()
}

/// Stores a new secret until it is confirmed, in place of an earlier unconfirmed one. Returns
/// `false` if the factor is on.
pub(crate) async fn offer_totp(
    connection: &mut Connection,
    user_id: UserId,
    session: SessionId,
    sealed: &[u8],
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let offered = query(
        "insert into factors (user_id, kind, secret_ciphertext, created_at, consecutive_failures, session_id)
         values ($1, 'totp', $2, $3, 0, $4)
         on conflict (user_id, kind) do update
         set secret_ciphertext = $2, created_at = $3, consecutive_failures = 0, session_id = $4
         where factors.confirmed_at is null",
    )
    .bind(user_id.as_i64())
    .bind(sealed)
    .bind(now.as_micros())
    .bind(session.as_i64())
    .execute(connection)
    .await?;
    Ok(offered == 1)
}

/// Switches the authenticator app on with its first code. Returns `false` if it was on already,
/// or if another secret was offered since.
pub(crate) async fn confirm_totp(
    connection: &mut Connection,
    user_id: UserId,
    offer: &Factor,
    step: i64,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let confirmed = query(
        "update factors
         set confirmed_at = $3, last_step = $2, consecutive_failures = 0, locked_at = null
         where user_id = $1 and kind = 'totp' and confirmed_at is null and secret_ciphertext = $4",
    )
    .bind(user_id.as_i64())
    .bind(step)
    .bind(now.as_micros())
    .bind(offer.sealed.as_deref())
    .execute(connection)
    .await?;
    Ok(confirmed == 1)
}

/// Consumes the code of a time step. Returns `false` if that step or a later one was used.
pub(crate) async fn use_step(
    connection: &mut Connection,
    user_id: UserId,
    step: i64,
) -> Result<bool, sqlx::Error> {
    let used = query(
        "update factors set last_step = $2, consecutive_failures = 0
         where user_id = $1 and kind = 'totp' and confirmed_at is not null and locked_at is null
               and (last_step is null or last_step < $2)",
    )
    .bind(user_id.as_i64())
    .bind(step)
    .execute(connection)
    .await?;
    Ok(used == 1)
}

/// Switches email codes on.
pub(crate) async fn switch_on_email(
    connection: &mut Connection,
    user_id: UserId,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    query(
        "insert into factors (user_id, kind, created_at, confirmed_at, consecutive_failures)
         values ($1, 'email', $2, $2, 0)
         on conflict (user_id, kind) do nothing",
    )
    .bind(user_id.as_i64())
    .bind(now.as_micros())
    .execute(connection)
    .await
    .map(drop)
}

/// Resets the failures after a correct email code. Returns `false` if the factor is locked.
pub(crate) async fn use_email(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<bool, sqlx::Error> {
    let used = query(
        "update factors set consecutive_failures = 0
         where user_id = $1 and kind = 'email' and confirmed_at is not null and locked_at is null",
    )
    .bind(user_id.as_i64())
    .execute(connection)
    .await?;
    Ok(used == 1)
}

pub(crate) async fn remove(
    connection: &mut Connection,
    user_id: UserId,
    kind: FactorKind,
) -> Result<bool, sqlx::Error> {
    let removed =
        query("delete from factors where user_id = $1 and kind = $2 and confirmed_at is not null")
            .bind(user_id.as_i64())
            .bind(kind.as_str())
            .execute(connection)
            .await?;
    Ok(removed == 1)
}

/// Removes all factors of a person, with the recovery codes and the records of wrong attempts.
pub(crate) async fn remove_all(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<(), sqlx::Error> {
    for statement in [
        "delete from factors where user_id = $1",
        "delete from recovery_codes where user_id = $1",
        "delete from factor_attempts where user_id = $1",
    ] {
        query(statement)
            .bind(user_id.as_i64())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Records in the person's row whether a factor is on.
pub(crate) async fn note_whether_on(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<(), sqlx::Error> {
    query(
        "update users set second_factor_at =
             (select min(confirmed_at) from factors where user_id = $1)
         where id = $1",
    )
    .bind(user_id.as_i64())
    .execute(connection)
    .await
    .map(drop)
}

/// Counts a wrong attempt and locks the factor at `most` in a row. Returns whether this attempt
/// locked it.
pub(crate) async fn count_wrong(
    connection: &mut Connection,
    user_id: UserId,
    kind: FactorKind,
    most: i64,
    now: Timestamp,
) -> Result<bool, Failure> {
    query("insert into factor_attempts (id, user_id, kind, created_at) values ($1, $2, $3, $4)")
        .bind(random_id()?)
        .bind(user_id.as_i64())
        .bind(kind.as_str())
        .bind(now.as_micros())
        .execute(&mut *connection)
        .await?;
    let in_a_row: Option<i64> = scalar(
        "update factors set consecutive_failures = consecutive_failures + 1,
                locked_at = case when consecutive_failures + 1 >= $3 then coalesce(locked_at, $4)
                                 else locked_at end
         where user_id = $1 and kind = $2 and confirmed_at is not null
         returning consecutive_failures",
    )
    .bind(user_id.as_i64())
    .bind(kind.as_str())
    .bind(most)
    .bind(now.as_micros())
    .fetch_optional(connection)
    .await?;
    Ok(in_a_row == Some(most))
}

/// The times of the latest wrong attempts since a moment, newest first, at most `most`.
pub(crate) async fn latest_wrong(
    connection: &mut Connection,
    user_id: UserId,
    kind: FactorKind,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Timestamp>, sqlx::Error> {
    scalar(
        "select created_at from factor_attempts
         where user_id = $1 and kind = $2 and created_at > $3
         order by created_at desc limit $4",
    )
    .bind(user_id.as_i64())
    .bind(kind.as_str())
    .bind(since.as_micros())
    .bind(most)
    .fetch_all(connection)
    .await
    .map(|times: Vec<i64>| times.into_iter().map(Timestamp::from_micros).collect())
}

/// Unlocks the factors and deletes the records of wrong attempts.
pub(crate) async fn unlock(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<(), sqlx::Error> {
    query("update factors set consecutive_failures = 0, locked_at = null where user_id = $1")
        .bind(user_id.as_i64())
        .execute(&mut *connection)
        .await?;
    query("delete from factor_attempts where user_id = $1")
        .bind(user_id.as_i64())
        .execute(connection)
        .await
        .map(drop)
}

forget!(forget_guesses, "factor_attempts", "created_at");

/// Ends all recovery codes of a person and stores these.
pub(crate) async fn replace_recovery_codes(
    connection: &mut Connection,
    user_id: UserId,
    hashes: &[[u8; 32]],
    now: Timestamp,
) -> Result<(), Failure> {
    query("delete from recovery_codes where user_id = $1")
        .bind(user_id.as_i64())
        .execute(&mut *connection)
        .await?;
    for hash in hashes {
        query(
            "insert into recovery_codes (id, user_id, code_hash, created_at)
             values ($1, $2, $3, $4)",
        )
        .bind(random_id()?)
        .bind(user_id.as_i64())
        .bind(&hash[..])
        .bind(now.as_micros())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Consumes a recovery code. Returns `false` if there is no such code or it was used.
pub(crate) async fn use_recovery_code(
    connection: &mut Connection,
    user_id: UserId,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let used = query(
        "update recovery_codes set used_at = $3
         where user_id = $1 and code_hash = $2 and used_at is null",
    )
    .bind(user_id.as_i64())
    .bind(&hash[..])
    .bind(now.as_micros())
    .execute(connection)
    .await?;
    Ok(used == 1)
}

/// How many recovery codes are left.
pub(crate) async fn recovery_codes_left(
    connection: &mut Connection,
    user_id: UserId,
) -> Result<i64, sqlx::Error> {
    scalar("select count(*) from recovery_codes where user_id = $1 and used_at is null")
        .bind(user_id.as_i64())
        .fetch_one(connection)
        .await
}

fn from_row(row: &Row) -> Result<Factor, sqlx::Error> {
    let kind: String = row.column("kind")?;
    let confirmed_at: Option<i64> = row.column("confirmed_at")?;
    let locked_at: Option<i64> = row.column("locked_at")?;
    let session_id: Option<i64> = row.column("session_id")?;
    Ok(Factor {
        session_id: session_id.map(SessionId::from_i64),
        kind: FactorKind::parse(&kind).ok_or_else(|| unknown("kind", kind))?,
        sealed: row.column("secret_ciphertext")?,
        created_at: Timestamp::from_micros(row.column("created_at")?),
        confirmed_at: confirmed_at.map(Timestamp::from_micros),
        locked_at: locked_at.map(Timestamp::from_micros),
    })
}
