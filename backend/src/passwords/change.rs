use domain::{
    Client, NewPassword, NewPasswordError, PasswordPolicy, SecondFactorInput, SetPasswordError,
};

use crate::audit::event::Event;
use crate::error::Problem;
use crate::mail::template::EmailTemplate;
use crate::passwords::attempts::{AttemptTarget, RateLimited};
use crate::passwords::common::{judge, judge_names};
use crate::passwords::hasher::Busy;
use crate::portal::Portal;
use crate::second_factor::context::{FactorContext, SecondFactorCheck};
use crate::sessions::authenticate::{Person, record_failed_reauth};
use crate::sessions::start::NewSession;
use crate::store::tables::user;

/// A request to set a first password or to change it.
#[derive(Clone, Copy)]
pub struct SetPassword<'a> {
    pub person: &'a Person,
    /// Required if the person has a password.
    pub old: Option<&'a str>,
    pub new: &'a str,
    /// Required if a second factor is on.
    pub factor: Option<&'a SecondFactorInput>,
    pub client: &'a Client,
}

impl Portal {
    /// Sets a password. All other sessions end, and the current one gets new secrets
    /// (docs/contract.md, Sessions).
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
        let (right, attempt) = match (&stored, request.old) {
            (None, _) => (true, None),
            (Some(_), None) => (false, None),
            // Checked before the old password is compared: a session that isn't fresh must not be
            // usable to guess it.
            (Some(_), Some(_)) if !person.session.is_fresh(self.now()) => {
                return refused(SetPasswordError::NotFresh);
            }
            (Some(stored), Some(old)) => {
                let guessed = AttemptTarget::Person(user.id);
                let attempt = match self.count_password_attempt(guessed, client).await? {
                    Ok(attempt) => attempt,
                    Err(RateLimited { retry_after }) => {
                        return refused(SetPasswordError::TooManyAttempts { retry_after });
                    }
                };
                let compared = attempt.counts().then(|| stored.clone());
                let checked = self.check_attempt(old, compared, attempt).await;
                let (right, attempt) = checked.map_err(busy)?;
                (right, Some(attempt))
            }
        };
        let hash = self.passwords.hash(new.password()).await.map_err(busy)?;

        let now = self.now();
        let mut transaction = self.begin().await?;
        // Read again, because hashing took time and a factor may have been added meanwhile.
        let Some(user) = user::lock(&mut transaction, user.id).await? else {
            return refused(SetPasswordError::NotFresh);
        };
        if !self
            .may_change_factors(&mut transaction, person, now)
            .await?
        {
            return refused(SetPasswordError::NotFresh);
        }
        match attempt {
            Some(attempt) if right => attempt.refund(&mut transaction).await?,
            Some(attempt) => {
                self.record_wrong_password(&mut transaction, &attempt, client, now)
                    .await?;
            }
            None => {}
        }
        let error = if right {
            let place = FactorContext::Session(person.session.id);
            let shown = self
                .check_second_factor(&mut transaction, &user, request.factor, place, now)
                .await?;
            match shown {
                SecondFactorCheck::NoneNeeded | SecondFactorCheck::Right(_) => None,
                SecondFactorCheck::Missing => Some(SetPasswordError::FactorMissing),
                SecondFactorCheck::Wrong => Some(SetPasswordError::WrongFactor),
                SecondFactorCheck::Wait { retry_after } => {
                    Some(SetPasswordError::TooManyFactorAttempts { retry_after })
                }
            }
        } else {
            // No factor is consumed after a wrong password.
            Some(SetPasswordError::WrongPassword)
        };
        if let Some(error) = error {
            if matches!(
                error,
                SetPasswordError::WrongPassword | SetPasswordError::WrongFactor
            ) {
                record_failed_reauth(&mut transaction, person.session.id, now).await?;
            }
            let event = Event::ConfirmRefused { user: user.id };
            event.record(&mut transaction, Some(client), now).await?;
            transaction.commit().await?;
            return refused(error);
        }
        // Replaces only the password that was checked; it may have changed meanwhile.
        let change = self.change_password_row(&new, &hash, now);
        if !user::set_password(&mut transaction, user.id, stored.as_ref(), &change).await? {
            return refused(SetPasswordError::WrongPassword);
        }
        let event = Event::PasswordSet { user: user.id };
        event.record(&mut transaction, Some(client), now).await?;
        self.replace_credentials(&mut transaction, user.id, client, now)
            .await?;
        let news = EmailTemplate::PasswordChanged;
        let session = self
            .renew_session(&mut transaction, person, &news, now)
            .await?;
        transaction.commit().await?;
        Ok(session)
    }

    /// The rules for every new password, whichever use case sets it (docs/contract.md,
    /// Passwords).
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
