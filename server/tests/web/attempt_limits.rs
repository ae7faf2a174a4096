//! Forms that a limit rejects say on their page how long to wait. `password_reset.rs` tests the limits
//! of passwords and reset links.

use backend::testing::{PASSWORD, TestPortal, authenticator, both_databases, minutes, verified};
use domain::PermissionLevel;
use http::Method;

use crate::browser::Browser;

const MAIL: &str = "alice@example.org";
const NOT_IT: &str = "Vy8nFKq2";

async fn alice(portal: &TestPortal) -> Browser {
    portal.person("alice", PermissionLevel::User).await;
    verified(portal, "alice", MAIL).await;
    Browser::logged_in(portal, "alice").await
}

/// Submits a form, and returns the page that follows.
async fn refused(browser: &mut Browser, form: &str, fields: &[(&str, &str)]) -> String {
    let answer = browser.submit(form, fields).await;
    let page = browser.follow(&answer.location()).await.body;
    let (_, notice) = page.split_once("role=\"alert\"").unwrap_or_else(|| {
        panic!("{} says nothing: {page}", answer.location());
    });
    let (_, result) = notice.split_once("<p>").unwrap();
    result.split_once("</p>").unwrap().0.to_owned()
}

async fn ask_for(browser: &mut Browser, who: &str) {
    let form = [("platform", "discord"), ("who", who)];
    browser.submit("/do/ask-for-code", &form).await;
}

/// Enables TOTP for Alice.
async fn switch_on_app(portal: &TestPortal, alice: &mut Browser) {
    let offer = alice
        .call(Method::POST, "/v1/users/me/second-factors/totp")
        .await
        .json();
    let code = authenticator(offer["secret"].as_str().unwrap(), portal.now());
    let done = alice
        .submit("/do/confirm-totp", &[("twofa_token", code.reveal())])
        .await;
    assert_eq!(done.location(), "/account/security?message=factor-on");
    portal.advance(minutes(1));
}

/// A stranger who knows Alice's password.
async fn half_logged_in(portal: &TestPortal) -> Browser {
    let mut browser = Browser::new(portal);
    let typed = [("identifier", "alice"), ("password", PASSWORD)];
    browser.submit("/do/sign-in", &typed).await;
    browser
}

async fn switch_on_mail(alice: &mut Browser) {
    let done = alice.submit("/do/enable-email-codes", &[]).await;
    assert_eq!(done.location(), "/account/security?message=mail-on");
}

#[both_databases]
async fn sixth_code_of_a_network_waits_for_the_first_to_expire(portal: TestPortal) {
    let mut browser = Browser::new(&portal);
    for n in 0..5 {
        ask_for(&mut browser, &format!("10000000000000000{n}")).await;
    }
    portal.advance(minutes(4));
    let fields = [("platform", "discord"), ("who", "100000000000000005")];
    // A browser of its own, which has no code to type in.
    let result = refused(&mut Browser::new(&portal), "/do/ask-for-code", &fields).await;
    assert_eq!(
        result,
        "Your network already has five unused codes. Use one of them. Try again in 6 minutes."
    );
    // Linking takes a place among them.
    let mut alice = alice(&portal).await;
    let fields = [
        ("platform", "discord"),
        ("platform_user_id", "100000000000000005"),
    ];
    let result = refused(&mut alice, "/do/link-platform", &fields).await;
    assert_eq!(
        result,
        "Your network already has five unused codes. Use one of them. Try again in 6 minutes."
    );
    // An address without the time says nothing wrong.
    let page = browser
        .open("/login/request?platform=discord&again=1&message=pending")
        .await
        .body;
    assert!(page.contains("Use one of them. Try again later."), "{page}");
}

#[both_databases]
async fn wrong_codes_are_limited_on_every_page(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    let link = [
        ("platform", "discord"),
        ("platform_user_id", "100000000000000005"),
    ];
    alice.submit("/do/link-platform", &link).await;
    for _ in 0..10 {
        let result = refused(&mut alice, "/do/verify-link", &[("code", NOT_IT)]).await;
        assert!(result.starts_with("That code didn't work."), "{result}");
    }
    portal.advance(minutes(3));
    let wait = "Too many wrong codes came from your network. Try again in 7 minutes.";
    assert_eq!(
        refused(&mut alice, "/do/verify-link", &[("code", NOT_IT)]).await,
        wait
    );
    assert_eq!(
        refused(
            &mut Browser::new(&portal),
            "/do/use-code",
            &[("code", NOT_IT)]
        )
        .await,
        wait
    );
}

#[both_databases]
async fn sixth_registration_of_a_network_waits(portal: TestPortal) {
    let form = |name| {
        [
            ("username", name),
            ("email", MAIL),
            ("display", ""),
            ("password", PASSWORD),
        ]
    };
    for name in ["anna", "berta", "clara", "doris", "emma"] {
        let done = Browser::new(&portal)
            .submit("/do/register", &form(name))
            .await;
        assert!(
            done.location().starts_with("/login?arrived"),
            "{}",
            done.location()
        );
    }
    portal.advance(minutes(2));
    let mut browser = Browser::new(&portal);
    let result = refused(&mut browser, "/do/register", &form("frida")).await;
    assert_eq!(
        result,
        "Too many accounts were created from your network. Try again in 8 minutes."
    );
}

#[both_databases]
async fn wrong_second_factors_are_limited_on_every_page(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    switch_on_app(&portal, &mut alice).await;
    let shown = ("twofa_token", "000000");
    let mut stranger = half_logged_in(&portal).await;
    // Not the fifth: that would end the session.
    let result = refused(&mut alice, "/do/second-factor", &[shown, ("act", "renew")]).await;
    assert!(result.starts_with("That code didn't work."), "{result}");
    for _ in 0..4 {
        let result = refused(&mut stranger, "/do/second-step", &[shown]).await;
        assert!(result.starts_with("That code didn't work."), "{result}");
    }
    portal.advance(minutes(5));
    let wait =
        "Too many wrong codes. You can use a recovery code right away. Try again in 10 minutes.";
    for (form, fields) in [
        ("/do/second-factor", [shown, ("act", "renew")]),
        ("/do/second-factor", [shown, ("act", "remove")]),
        ("/do/enable-email-codes", [shown, ("", "")]),
        ("/do/confirm", [shown, ("", "")]),
    ] {
        assert_eq!(refused(&mut alice, form, &fields).await, wait, "{form}");
    }
    let fields = [
        shown,
        ("old_password", PASSWORD),
        ("new_password", "a heron waits by green water"),
    ];
    assert_eq!(refused(&mut alice, "/do/set-password", &fields).await, wait);
    assert_eq!(
        refused(&mut stranger, "/do/second-step", &[shown]).await,
        wait
    );
    stranger
        .submit("/do/recover", &[("identifier", "alice")])
        .await;
    let link = portal.last_mail_to(MAIL).await.link();
    stranger
        .open(link.strip_prefix("https://portal.example.org").unwrap())
        .await;
    let fields = [shown, ("new_password", "a heron waits by green water")];
    assert_eq!(
        refused(&mut stranger, "/do/new-password", &fields).await,
        wait
    );
}

#[both_databases]
async fn changing_the_email_of_codes_has_the_same_limit(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    switch_on_mail(&mut alice).await;
    let mut stranger = half_logged_in(&portal).await;
    stranger.submit("/do/send-code", &[("page", "login")]).await;
    for _ in 0..5 {
        stranger
            .submit(
                "/do/second-step",
                &[("twofa_token", "000000"), ("by", "email")],
            )
            .await;
    }
    // The next one waits, from any client.
    let fields = [("email", "liddell@example.net"), ("twofa_token", "000000")];
    alice.submit("/do/send-code", &[("page", "security")]).await;
    let result = refused(&mut alice, "/do/set-email", &fields).await;
    assert_eq!(
        result,
        "Too many wrong codes. You can use a recovery code right away. Try again in 15 minutes."
    );
}

#[both_databases]
async fn email_codes_are_limited_on_every_page_that_sends_them(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    switch_on_mail(&mut alice).await;
    for _ in 0..3 {
        let sent = alice.submit("/do/send-code", &[("page", "security")]).await;
        assert_eq!(sent.location(), "/account/security?message=sent");
    }
    portal.advance(minutes(1));
    let wait = "We've already sent several codes. Use the latest one. Try again in 9 minutes.";
    for page in ["security", "confirm"] {
        assert_eq!(
            refused(&mut alice, "/do/send-code", &[("page", page)]).await,
            wait,
            "{page}"
        );
    }
    let mut stranger = half_logged_in(&portal).await;
    assert_eq!(
        refused(&mut stranger, "/do/send-code", &[("page", "login")]).await,
        wait
    );
}

#[both_databases]
async fn mails_to_a_new_address_are_limited(portal: TestPortal) {
    let mut alice = alice(&portal).await;
    for n in 0..3 {
        let email = format!("a{n}@example.org");
        let asked = alice.submit("/do/set-email", &[("email", &email)]).await;
        assert_eq!(asked.location(), "/account/security?message=email-asked");
    }
    let result = refused(&mut alice, "/do/set-email", &[("email", "a3@example.org")]).await;
    assert_eq!(
        result,
        "We've already emailed you several times. Check your spam folder. Try again in 10 minutes."
    );
}

#[both_databases]
async fn wrong_passwords_are_limited_for_signed_in_people_too(portal: TestPortal) {
    let alice = alice(&portal).await;
    // Not the browser that she is known by, which has guesses of its own.
    let mut other = alice.with_only(&["hsession", "__Host-hsession_act"]);
    for _ in 0..5 {
        let form = [("identifier", "alice"), ("password", "not the password")];
        Browser::new(&portal).submit("/do/sign-in", &form).await;
    }
    let wait = "Too many failed attempts. Try again in 5 seconds.";
    assert_eq!(
        refused(&mut other, "/do/confirm", &[("password", PASSWORD)]).await,
        wait
    );
    let fields = [
        ("old_password", PASSWORD),
        ("new_password", "a heron waits by green water"),
    ];
    assert_eq!(refused(&mut other, "/do/set-password", &fields).await, wait);
}
