//! Who can see and find whom (docs/contract.md, Public profiles).

use backend::testing::{PASSWORD, TestPortal, both_databases, client, cookies_of};
use backend::{ProfileUpdate, SessionCookies, ShownPerson, Slice, Visitor};
use domain::{PermissionLevel, UserId};

async fn visitor(portal: &TestPortal, username: &str) -> Visitor {
    let session = portal.login(username, PASSWORD).await.unwrap();
    portal.visitor(&cookies_of(&session)).await
}

async fn with_level(portal: &TestPortal, username: &str, level: PermissionLevel) -> Visitor {
    portal.person(username, level).await;
    visitor(portal, username).await
}

fn id_of(visitor: &Visitor) -> UserId {
    visitor.known().unwrap().user.id
}

async fn shown(portal: &TestPortal, visitor: &Visitor, id: UserId) -> ShownPerson {
    portal.person_by_id(visitor, id).await.unwrap().unwrap()
}

async fn found(portal: &TestPortal, visitor: &Visitor, begin: &str) -> Vec<String> {
    let page = portal
        .search_people(visitor, begin, Slice::new(0, 100).unwrap())
        .await
        .unwrap();
    page.people
        .into_iter()
        .map(|person| person.username)
        .collect()
}

#[both_databases]
async fn more_is_told_of_those_below_oneself(portal: TestPortal) {
    use PermissionLevel::{Admin, Moderator, Owner, User};
    let levels = [User, Moderator, Admin, Owner];
    let mut people = Vec::new();
    for (n, level) in levels.into_iter().enumerate() {
        people.push(with_level(&portal, &format!("person{n}"), level).await);
    }
    let other_owner = with_level(&portal, "another.owner", Owner).await;
    for (visitor, level) in people.iter().zip(levels) {
        for (other, of) in people.iter().zip(levels) {
            let person = shown(&portal, visitor, id_of(other)).await;
            let more = level > of || (level, of) == (Owner, Owner);
            assert_eq!(person.details.is_some(), more, "{level:?} sees {of:?}");
        }
    }
    assert!(
        shown(&portal, &people[3], id_of(&other_owner))
            .await
            .details
            .is_some()
    );
}

#[both_databases]
async fn a_sister_service_is_told_what_anybody_is_told(portal: TestPortal) {
    let alice = with_level(&portal, "alice", PermissionLevel::User).await;
    portal.person("owner", PermissionLevel::Owner).await;
    let session = portal.login("owner", PASSWORD).await.unwrap();
    let cookies = SessionCookies {
        companion: None,
        ..cookies_of(&session)
    };
    let sister = portal.visitor(&cookies).await;
    assert!(matches!(sister, Visitor::Recognised(_)));
    assert!(
        shown(&portal, &sister, id_of(&alice))
            .await
            .details
            .is_none()
    );
    portal.ban("alice").await;
    assert!(found(&portal, &sister, "alice").await.is_empty());
}

#[both_databases]
async fn people_are_found_by_how_their_names_begin(portal: TestPortal) {
    let visitor = with_level(&portal, "visitor", PermissionLevel::User).await;
    for username in ["alice", "Alina", "bob", "b_b", "b.b", "boris"] {
        portal.person(username, PermissionLevel::User).await;
    }
    let named = [
        ("bob", "Ali Baba"),
        ("alina", "ÉLODIE Müller"),
        ("boris", "Борис"),
    ];
    for (username, display) in named {
        let session = portal.login(username, PASSWORD).await.unwrap();
        let person = portal.person_of(&session).await;
        let wanted = ProfileUpdate {
            display: Some(display),
            ..ProfileUpdate::default()
        };
        portal
            .update_profile(&person, &wanted, &client())
            .await
            .unwrap();
    }
    for (begin, names) in [
        ("ali", vec!["bob", "alice", "Alina"]),
        ("ALI", vec!["bob", "alice", "Alina"]),
        ("alin", vec!["Alina"]),
        ("ali ", vec!["bob"]),
        ("é", vec!["Alina"]),
        ("e\u{301}LOD", vec!["Alina"]),
        ("бор", vec!["boris"]),
        // Wildcards match themselves only.
        ("b_", vec!["b_b"]),
        ("b.", vec!["b.b"]),
        ("b%", vec![]),
        ("%", vec![]),
        ("_", vec![]),
        ("lice", vec![]),
        ("alice\0", vec![]),
        ("'; drop table users; --", vec![]),
        ("\u{10ffff}", vec![]),
    ] {
        assert_eq!(found(&portal, &visitor, begin).await, names, "{begin:?}");
    }
}

#[both_databases]
async fn each_is_found_once_and_a_list_goes_on_where_it_ended(portal: TestPortal) {
    let visitor = with_level(&portal, "visitor", PermissionLevel::User).await;
    for n in 0..7 {
        let username = format!("same{n}");
        portal.person(&username, PermissionLevel::User).await;
        let session = portal.login(&username, PASSWORD).await.unwrap();
        let person = portal.person_of(&session).await;
        let display = format!("Same Again {n}");
        let wanted = ProfileUpdate {
            display: Some(&display),
            ..ProfileUpdate::default()
        };
        portal
            .update_profile(&person, &wanted, &client())
            .await
            .unwrap();
    }
    assert_eq!(found(&portal, &visitor, "same").await.len(), 7);
    let mut seen = Vec::new();
    let mut offset = Some(0);
    while let Some(at) = offset {
        let page = portal
            .search_people(&visitor, "same", Slice::new(at, 3).unwrap())
            .await
            .unwrap();
        seen.extend(page.people.into_iter().map(|person| person.username));
        offset = page.next;
    }
    assert_eq!(
        seen,
        [
            "same0", "same1", "same2", "same3", "same4", "same5", "same6"
        ]
    );
    let far = Slice::new(i64::MAX, 100).unwrap();
    let beyond = portal.search_people(&visitor, "same", far).await.unwrap();
    assert_eq!((beyond.people.len(), beyond.next), (0, None));
}

#[both_databases]
async fn who_is_banned_is_found_by_those_above_alone(portal: TestPortal) {
    let user = with_level(&portal, "user", PermissionLevel::User).await;
    let moderator = with_level(&portal, "moderator", PermissionLevel::Moderator).await;
    let owner = with_level(&portal, "owner", PermissionLevel::Owner).await;
    for (username, level) in [
        ("gone1", PermissionLevel::User),
        ("gone2", PermissionLevel::Moderator),
        ("gone3", PermissionLevel::Owner),
    ] {
        portal.person(username, level).await;
        portal.ban(username).await;
    }
    assert!(found(&portal, &user, "gone").await.is_empty());
    assert_eq!(found(&portal, &moderator, "gone").await, ["gone1"]);
    assert_eq!(
        found(&portal, &owner, "gone").await,
        ["gone1", "gone2", "gone3"]
    );
    // A profile is still found by name, so that content elsewhere keeps its author.
    let gone = portal
        .person_by_name(&user, "GONE1")
        .await
        .unwrap()
        .unwrap();
    assert_eq!((gone.username.as_str(), gone.details), ("gone1", None));
    // An expired ban doesn't count.
    portal
        .execute("update users set state_until = 1 where username = 'gone1'")
        .await;
    assert_eq!(found(&portal, &user, "gone").await, ["gone1"]);
}

#[both_databases]
async fn nobody_is_found_where_there_is_nobody(portal: TestPortal) {
    let user = with_level(&portal, "user", PermissionLevel::User).await;
    assert!(
        portal
            .person_by_id(&user, UserId::from_i64(1))
            .await
            .unwrap()
            .is_none()
    );
    for odd in ["", "nobody", "user\0", "üser", "a b"] {
        assert!(
            portal.person_by_name(&user, odd).await.unwrap().is_none(),
            "{odd:?}"
        );
    }
}
