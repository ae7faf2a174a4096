use std::time::Duration;

use domain::{Client, Timestamp, UserId};

use crate::audit::event::Event;
use crate::crypto::password_hash::StoredPassword;
use crate::crypto::server_secret::Purpose;
use crate::error::{Failure, Problem};
use crate::mail::template::Letter;
use crate::passwords::hasher::Busy;
use crate::portal::Portal;
use crate::store::sql::database::Transaction;
use crate::store::sql::row_lock::{self, Gate};
use crate::store::tables::{password_guess, user};

/// How many wrong passwords a network may try, for whomever: in ten minutes, an hour and a day
/// (ASVS 6.3.1). An IPv6 /48 gets eight times the budget of a /64.
const OF_NETWORK: [(Duration, usize); 3] = [
    (Duration::from_mins(10), 20),
    (Duration::from_hours(1), 60),
    (Duration::from_hours(24), 200),
];
const WIDE_SHARE: usize = 8;

/// How many may come for one account from all networks together: so that a botnet needs hours
/// for what ends the row, and the person hears of it before.
const OF_ACCOUNT: [(Duration, usize); 1] = [(Duration::from_hours(1), 30)];

/// After so many for one account from one network within an hour, the next waits; the longer
/// the more there were.
const PATIENCE: (Duration, usize) = (Duration::from_hours(1), 5);
const DELAYS: [Duration; 5] = [
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_mins(1),
    Duration::from_mins(3),
];

/// So many wrong ones in a row from browsers that the person never logged in with, and the
/// password opens nothing there any more, until it shows itself right in one that they did,
/// or another is set.
const MOST_IN_A_ROW: i64 = 90;
/// So many the others have for themselves, whatever strangers did: nobody shuts a person out
/// of their own browser (security A27). Together a hundred in a row (NIST SP 800-63B-4 3.2.2).
const MOST_KNOWN_IN_A_ROW: i64 = 10;

/// Nobody has this number.
pub(crate) const NOBODY: UserId = UserId::from_i64(0);

/// Whose password is guessed.
#[derive(Clone, Copy)]
pub(crate) enum Guessed<'a> {
    Person(UserId),
    /// Nobody, by this name: it is counted like everybody's.
    Nobody(&'a str),
}

/// A guess that was counted. Given back when it was right.
pub(crate) struct PasswordGuess {
    user_id: UserId,
    by: By,
}

enum By {
    /// A browser that the person has logged in with.
    Known,
    Stranger {
        row: i64,
        /// How many in a row it makes; none where there were too many before.
        in_a_row: Option<i64>,
    },
}

/// No guess is left; the next one is after this time.
pub(crate) struct NoGuessLeft {
    pub retry_after: Duration,
}

impl Portal {
    /// Counts a guess before anything is compared, durably, so that neither a restart nor a
    /// connection that breaks off makes it undone. The one way to a compare of passwords.
    /// The same work for everybody and for nobody.
    pub(crate) async fn count_password_guess(
        &self,
        guessed: Guessed<'_>,
        client: &Client,
    ) -> Result<Result<PasswordGuess, NoGuessLeft>, Failure> {
        let now = self.now();
        let account = self
            .secret
            .keyed_hash(Purpose::PasswordGuess, &guessed.bytes());
        let user_id = match guessed {
            Guessed::Person(id) => id,
            Guessed::Nobody(_) => NOBODY,
        };
        let mut transaction = self.begin().await?;
        if self
            .is_marked_browser(&mut transaction, user_id, client)
            .await?
        {
            let most = MOST_KNOWN_IN_A_ROW;
            let counted = password_guess::count_known_in_a_row(&mut transaction, user_id, most);
            if counted.await?.is_some() {
                transaction.commit().await?;
                let by = By::Known;
                return Ok(Ok(PasswordGuess { user_id, by }));
            }
        }
        let retry_after = wait_of_strangers(&mut transaction, &account, client, now).await?;
        if retry_after > Duration::ZERO {
            return Ok(Err(NoGuessLeft { retry_after }));
        }
        let row = password_guess::insert(&mut transaction, &account, client, now).await?;
        let in_a_row =
            password_guess::count_in_a_row(&mut transaction, user_id, MOST_IN_A_ROW).await?;
        transaction.commit().await?;
        let by = By::Stranger { row, in_a_row };
        Ok(Ok(PasswordGuess { user_id, by }))
    }

    /// Compares a guess that was counted. Where all threads are taken it was none.
    ///
    /// # Errors
    /// [`Busy`], or a stored hash that can't be read.
    pub(crate) async fn check_guess(
        &self,
        typed: &str,
        stored: Option<StoredPassword>,
        guess: PasswordGuess,
    ) -> Result<(bool, PasswordGuess), Problem<Busy>> {
        match self.passwords.check_typed(typed, stored).await {
            Ok(right) => Ok((right, guess)),
            Err(problem) => {
                self.password_was_not_compared(guess).await?;
                Err(problem)
            }
        }
    }

    /// Writes down that the guess was wrong; the person hears of it where it was the last one
    /// that strangers had.
    pub(crate) async fn password_was_wrong(
        &self,
        transaction: &mut Transaction,
        guess: &PasswordGuess,
        client: &Client,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let By::Stranger {
            in_a_row: Some(MOST_IN_A_ROW),
            ..
        } = guess.by
        else {
            return Ok(());
        };
        let event = Event::PasswordLocked {
            user: guess.user_id,
        };
        event.record(transaction, Some(client), now).await?;
        if let Some(user) = user::by_id(transaction, guess.user_id).await? {
            self.notify(transaction, &user, &Letter::PasswordLocked, now)
                .await?;
        }
        Ok(())
    }

    /// Takes back a guess that came to no compare.
    async fn password_was_not_compared(&self, guess: PasswordGuess) -> Result<(), Failure> {
        let mut transaction = self.begin().await?;
        match guess.by {
            By::Known => {
                password_guess::uncount_known_in_a_row(&mut transaction, guess.user_id).await?;
            }
            By::Stranger { row, in_a_row } => {
                password_guess::delete(&mut transaction, row).await?;
                if in_a_row.is_some() {
                    password_guess::uncount_in_a_row(&mut transaction, guess.user_id).await?;
                }
            }
        }
        Ok(transaction.commit().await?)
    }
}

impl Guessed<'_> {
    /// No name looks like a number: it begins otherwise.
    pub(crate) fn bytes(self) -> Vec<u8> {
        match self {
            Self::Person(id) => [b"id ", &id.as_i64().to_le_bytes()[..]].concat(),
            Self::Nobody(typed) => {
                let typed = typed.trim().to_lowercase();
                [b"name ", typed.as_bytes()].concat()
            }
        }
    }
}

impl PasswordGuess {
    /// Whether the password may be compared at all: else even the right one is a wrong one.
    pub(crate) const fn counts(&self) -> bool {
        match self.by {
            By::Known => true,
            By::Stranger { in_a_row, .. } => in_a_row.is_some(),
        }
    }

    /// The password was right: gives the guess back, and ends the row of this password's wrong
    /// ones. Nobody else's, no network's, and no second factor's.
    pub(crate) async fn was_right(self, transaction: &mut Transaction) -> Result<(), Failure> {
        if let By::Stranger { row, .. } = self.by {
            password_guess::delete(transaction, row).await?;
        }
        Ok(password_guess::end_row(transaction, self.user_id).await?)
    }
}

/// How long a stranger has to wait before the next guess; zero for not at all.
async fn wait_of_strangers(
    transaction: &mut Transaction,
    account: &[u8; 32],
    client: &Client,
    now: Timestamp,
) -> Result<Duration, Failure> {
    let network = client.network();
    let wide = client.wide_network();
    // In this order, always: no two transactions wait for each other crosswise.
    if let Some(wide) = &wide {
        row_lock::pass(transaction, Gate::PasswordsOfWide(wide)).await?;
    }
    row_lock::pass(transaction, Gate::PasswordsOf(&network)).await?;
    row_lock::pass(transaction, Gate::PasswordOf(account)).await?;
    let mut wait = Duration::ZERO;
    for (window, most) in OF_NETWORK {
        let since = now - window;
        let latest = password_guess::of_network(transaction, &network, since, limit(most)).await?;
        wait = wait.max(wait_for(&latest, most, window, now));
        if let Some(wide) = &wide {
            let most = most * WIDE_SHARE;
            let latest =
                password_guess::of_wide_network(transaction, wide, since, limit(most)).await?;
            wait = wait.max(wait_for(&latest, most, window, now));
        }
    }
    for (window, most) in OF_ACCOUNT {
        let latest =
            password_guess::of_account(transaction, account, now - window, limit(most)).await?;
        wait = wait.max(wait_for(&latest, most, window, now));
    }
    let (window, patience) = PATIENCE;
    let most = limit(patience + DELAYS.len());
    let latest =
        password_guess::of_account_from(transaction, account, &network, now - window, most);
    Ok(wait.max(delay_after(&latest.await?, patience, now)))
}

/// How long until the oldest of `most` guesses has left the window; zero while there are
/// fewer.
fn wait_for(newest_first: &[Timestamp], most: usize, window: Duration, now: Timestamp) -> Duration {
    match newest_first.get(most - 1) {
        Some(oldest) => (*oldest + window).since(now).max(Duration::from_secs(1)),
        None => Duration::ZERO,
    }
}

/// How much is left of the delay after the latest guess.
fn delay_after(newest_first: &[Timestamp], patience: usize, now: Timestamp) -> Duration {
    let beyond = newest_first.len().checked_sub(patience);
    match (beyond, newest_first.first()) {
        (Some(beyond), Some(latest)) => {
            let delay = DELAYS[beyond.min(DELAYS.len() - 1)];
            (*latest + delay).since(now)
        }
        _ => Duration::ZERO,
    }
}

fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_begin_with_the_sixth_and_grow() {
        let now = Timestamp::from_micros(1_774_972_396_000_000);
        let delay = |n| delay_after(&vec![now; n], PATIENCE.1, now).as_secs();
        let delays: Vec<u64> = (3..=11).map(delay).collect();
        assert_eq!(delays, [0, 0, 5, 15, 30, 60, 180, 180, 180]);
        let later = now + Duration::from_secs(4);
        assert_eq!(delay_after(&[now; 5], 5, later).as_secs(), 1);
        assert_eq!(
            delay_after(&[now; 5], 5, later + Duration::from_secs(9)),
            Duration::ZERO
        );
    }

    /// NIST SP 800-63B-4 3.2.2.
    #[test]
    fn strangers_and_known_browsers_have_a_hundred_in_a_row_together() {
        assert_eq!(MOST_IN_A_ROW + MOST_KNOWN_IN_A_ROW, 100);
    }
}
