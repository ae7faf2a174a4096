//! Creating the first owner, by the one-time link and on the command line.

use std::sync::Arc;

use backend::testing::{PASSWORD, TestPortal, both_databases, client, minutes, rounds};
use backend::{OwnerAccount, Portal, Problem, SetUpLink, SetUpOffer, Token};
use domain::{NewPasswordError, PermissionLevel, SetUpError, SetUpLinkError, UsernameError};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const ALICE: OwnerAccount<'static> = OwnerAccount {
    username: "Alice",
    password: PASSWORD,
};

fn refusal<T>(result: Result<T, Problem<SetUpError>>) -> SetUpError {
    match result {
        Err(Problem::Refused(refusal)) => refusal,
        Err(Problem::Failed(failure)) => panic!("failed: {failure}"),
        Ok(_) => panic!("an owner was made"),
    }
}

async fn first_link(portal: &Portal) -> Token {
    portal
        .create_set_up_link(SetUpLink::FirstOwner)
        .await
        .unwrap()
}

#[both_databases]
async fn the_first_link_makes_an_owner_and_logs_her_in(portal: TestPortal) {
    let link = first_link(&portal).await;
    assert_eq!(
        portal.set_up_offer(&link).await.unwrap(),
        Some(SetUpOffer { username: None })
    );
    let session = portal.set_up(&link, ALICE, &client()).await.unwrap();
    let person = portal.person_of(&session).await;
    assert_eq!(person.user.username, "Alice");
    assert_eq!(person.user.level, PermissionLevel::Owner);
    portal.login("alice", PASSWORD).await.unwrap();
}

#[both_databases]
async fn a_link_works_once(portal: TestPortal) {
    let link = first_link(&portal).await;
    portal.set_up(&link, ALICE, &client()).await.unwrap();
    assert_eq!(portal.set_up_offer(&link).await.unwrap(), None);
    let again = OwnerAccount {
        username: "mallory",
        password: PASSWORD,
    };
    assert_eq!(
        refusal(portal.set_up(&link, again, &client()).await),
        SetUpError::LinkDead
    );
}

#[both_databases]
async fn a_refusal_does_not_use_the_link_up(portal: TestPortal) {
    let link = first_link(&portal).await;
    let try_with = async |username, password| {
        refusal(
            portal
                .set_up(&link, OwnerAccount { username, password }, &client())
                .await,
        )
    };
    let short = SetUpError::Password(NewPasswordError::TooShort);
    assert_eq!(try_with("alice", "fourteen chars").await, short);
    let odd = SetUpError::Username(UsernameError::ForbiddenCharacter);
    assert_eq!(try_with("al ice", PASSWORD).await, odd);
    portal.set_up(&link, ALICE, &client()).await.unwrap();
}

#[both_databases]
async fn the_first_owner_ends_every_unnamed_link(portal: TestPortal) {
    let link = first_link(&portal).await;
    portal.owner("alice").await;
    assert_eq!(portal.set_up_offer(&link).await.unwrap(), None);
    let refused = portal.create_set_up_link(SetUpLink::FirstOwner).await;
    assert!(matches!(
        refused,
        Err(Problem::Refused(SetUpLinkError::OwnerExists))
    ));
}

#[both_databases]
async fn a_new_start_replaces_the_link_of_the_last(portal: TestPortal) {
    let old = first_link(&portal).await;
    let new = first_link(&portal).await;
    assert_eq!(portal.set_up_offer(&old).await.unwrap(), None);
    assert!(portal.set_up_offer(&new).await.unwrap().is_some());
}

#[both_databases]
async fn a_link_runs_out_after_a_day(portal: TestPortal) {
    let link = first_link(&portal).await;
    portal.advance(minutes(24 * 60 - 1));
    assert!(portal.set_up_offer(&link).await.unwrap().is_some());
    portal.advance(minutes(1));
    assert_eq!(portal.set_up_offer(&link).await.unwrap(), None);
    assert_eq!(
        refusal(portal.set_up(&link, ALICE, &client()).await),
        SetUpError::LinkDead
    );
}

#[both_databases]
async fn a_named_link_makes_an_owner_of_that_name_beside_others(portal: TestPortal) {
    portal.owner("alice").await;
    let bob = "bob".parse().unwrap();
    let link = portal
        .create_set_up_link(SetUpLink::Named(&bob))
        .await
        .unwrap();
    let offer = portal.set_up_offer(&link).await.unwrap().unwrap();
    assert_eq!(offer.username.as_deref(), Some("bob"));
    let typed = OwnerAccount {
        username: "mallory",
        password: PASSWORD,
    };
    let session = portal.set_up(&link, typed, &client()).await.unwrap();
    assert_eq!(session.user.username, "bob");
}

#[both_databases]
async fn names_are_unique_whatever_their_case(portal: TestPortal) {
    portal.owner("alice").await;
    let twin = OwnerAccount {
        username: "ALICE",
        password: PASSWORD,
    };
    assert_eq!(
        refusal(portal.create_owner(twin).await),
        SetUpError::UsernameTaken
    );
    assert_eq!(portal.count("users").await, 1);
}

#[both_databases]
async fn a_link_for_a_taken_name_is_not_made(portal: TestPortal) {
    portal.owner("alice").await;
    let alice = "Alice".parse().unwrap();
    let refused = portal.create_set_up_link(SetUpLink::Named(&alice)).await;
    assert!(matches!(
        refused,
        Err(Problem::Refused(SetUpLinkError::UsernameTaken))
    ));
}

#[both_databases]
async fn one_link_in_many_hands_makes_one_owner(portal: TestPortal) {
    const HANDS: usize = 4;
    for round in 0..rounds() {
        let name: domain::Username = format!("owner-{round}").parse().unwrap();
        let link = portal
            .create_set_up_link(SetUpLink::Named(&name))
            .await
            .unwrap();
        let barrier = Arc::new(Barrier::new(HANDS));
        let mut hands = JoinSet::new();
        for _ in 0..HANDS {
            let (portal, link, barrier) = (portal.share(), link.clone(), barrier.clone());
            hands.spawn(async move {
                barrier.wait().await;
                portal.set_up(&link, ALICE, &client()).await
            });
        }
        let (made, refused): (Vec<_>, Vec<_>) =
            hands.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!(made.len(), 1);
        for refused in refused {
            assert_eq!(refusal(refused), SetUpError::LinkDead);
        }
    }
    assert_eq!(
        portal.count("users").await,
        i64::try_from(rounds()).unwrap()
    );
}
