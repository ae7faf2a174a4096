use domain::{Client, NewPassword, NewPasswordError, PasswordPolicy, SetPasswordError, TwofaToken};

use crate::audit::event::Event;
use crate::error::Problem;
use crate::mail::template::Letter;
use crate::passwords::attempts::{Guessed, NoGuessLeft};
use crate::passwords::common::{judge, judge_names};
use crate::passwords::hasher::Busy;
use crate::portal::Portal;
use crate::second_factor::context::{Beside, Place};
use crate::sessions::authenticate::Person;
use crate::sessions::start::NewSession;
use crate::store::tables::{session, user};

/// A person sets a password, their first or another one.
#[derive(Clone, Copy)]
pub struct SetPassword<'a> {
    pub person: &'a Person,
    /// Needed where there is one.
    pub old: Option<&'a str>,
    pub new: &'a str,
    /// Needed where one is on.
    pub factor: Option<&'a TwofaToken>,
    pub client: &'a Client,
}

impl Portal {
    /// Sets a password. All other sessions end, the acting one gets new secrets (docs/contract.md,
    /// Sessions).
    ///
    /// # Errors
    /// See [`SetPasswordError`].
    pub async fn set_password(
        &self,
        request: SetPassword<'_>,
    ) -> Result<NewSession, Problem<SetPasswordError>> {
        let SetPassword { person, client, .. } = request;
        let refused = |error| Err(Problem::Refused(error));
        let user = &person.user;
        let policy = self.policy_of(user);
        let names = [user.username.as_str(), user.display.as_str()];
        let new = match self.judge_password(request.new, policy, &names) {
            Ok(new) => new,
            Err(error) => return refused(SetPasswordError::Password(error)),
        };
        let stored = {
            let mut connection = self.database.read().await?;
            user::password_of(&mut connection, user.id).await?
        };
        let busy = |problem: Problem<Busy>| problem.map(|Busy| SetPasswordError::Busy);
        let (right, guess) = match (&stored, request.old) {
            (None, _) => (true, None),
            (Some(_), None) => (false, None),
            // Before the old one is compared: no session that is not fresh guesses here.
            (Some(_), Some(_)) if !person.session.is_fresh(self.now()) => {
                return refused(SetPasswordError::NotFresh);
            }
            (Some(stored), Some(old)) => {
                let guessed = Guessed::Person(user.id);
                let guess = match self.count_password_guess(guessed, client).await? {
                    Ok(guess) => guess,
                    Err(NoGuessLeft { retry_after }) => {
                        return refused(SetPasswordError::TooManyGuesses { retry_after });
                    }
                };
                let compared = guess.counts().then(|| stored.clone());
                let checked = self.check_guess(old, compared, guess).await;
                let (right, guess) = checked.map_err(busy)?;
                (right, Some(guess))
            }
        };
        let hash = self.passwords.hash(new.password()).await.map_err(busy)?;

        let now = self.now();
        let mut transaction = self.begin().await?;
        // As they stand now: hashing took its time, and a factor may have been added meanwhile.
        let Some(user) = user::lock(&mut transaction, user.id).await? else {
            return refused(SetPasswordError::NotFresh);
        };
        if !self
            .may_change_factors(&mut transaction, person, now)
            .await?
        {
            return refused(SetPasswordError::NotFresh);
        }
        match guess {
            Some(guess) if right => guess.was_right(&mut transaction).await?,
            Some(guess) => {
                self.password_was_wrong(&mut transaction, &guess, client, now)
                    .await?;
            }
            None => {}
        }
        let error = if right {
            let place = Place::Session(person.session.id);
            let shown = self
                .factor_of(&mut transaction, &user, request.factor, place, now)
                .await?;
            match shown {
                Beside::NoneNeeded | Beside::Right(_) => None,
                Beside::Missing => Some(SetPasswordError::FactorMissing),
                Beside::Wrong => Some(SetPasswordError::WrongFactor),
                Beside::Wait { retry_after } => {
                    Some(SetPasswordError::TooManyTries { retry_after })
                }
            }
        } else {
            // Nor is a factor used up for it.
            Some(SetPasswordError::WrongPassword)
        };
        if let Some(error) = error {
            if matches!(
                error,
                SetPasswordError::WrongPassword | SetPasswordError::WrongFactor
            ) {
                session::count_wrong_proof(&mut transaction, person.session.id, now).await?;
            }
            let event = Event::ConfirmRefused { user: user.id };
            event.record(&mut transaction, Some(client), now).await?;
            transaction.commit().await?;
            return refused(error);
        }
        // Only over the one that was checked: it may have been changed meanwhile.
        let change = self.password_change(&new, &hash, now);
        if !user::set_password(&mut transaction, user.id, stored.as_ref(), &change).await? {
            return refused(SetPasswordError::WrongPassword);
        }
        let event = Event::PasswordSet { user: user.id };
        event.record(&mut transaction, Some(client), now).await?;
        self.forget_the_old_password(&mut transaction, user.id, client, now)
            .await?;
        let news = Letter::PasswordChanged;
        let session = self
            .after_change(&mut transaction, person, &news, now)
            .await?;
        transaction.commit().await?;
        Ok(session)
    }

    /// What a password must be to be set, by everybody who sets one (docs/contract.md, Passwords).
    pub(crate) fn judge_password(
        &self,
        typed: &str,
        policy: PasswordPolicy,
        names: &[&str],
    ) -> Result<NewPassword, NewPasswordError> {
        let own_name = names.first().copied().unwrap_or_default();
        let new = NewPassword::parse(typed, policy, own_name)?;
        let mut words = names.to_vec();
        words.push(&self.site_name);
        let judged = if self.password_blocklist {
            judge(new.password(), &words)
        } else {
            judge_names(new.password(), &words)
        };
        judged.map_err(NewPasswordError::Weak)?;
        Ok(new)
    }
}
