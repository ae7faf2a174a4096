//! E-mail addresses by the API and on the pages.

use backend::both_engines;
use backend::testing::{TestPortal, minutes};
use domain::PermissionLevel;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::browser::Browser;

const PATH: &str = "/v1/users/me/email";

async fn alice(portal: &TestPortal) -> Browser {
    portal.person("alice", PermissionLevel::User).await;
    Browser::logged_in(portal, "alice").await
}

/// The path of the link in the last letter to this address.
async fn link(portal: &TestPortal, address: &str) -> String {
    let link = portal.last_mail_to(address).await.link();
    link.strip_prefix("https://portal.example.org")
        .unwrap()
        .to_owned()
}

async fn me(browser: &mut Browser) -> Value {
    browser.call(Method::GET, "/v1/users/me").await.json()
}

both_engines! {
    async fn an_address_is_set_by_the_api_and_confirmed_on_the_page(portal: TestPortal) {
        let mut alice = alice(&portal).await;
        let answer = alice.post_json(PATH, &json!({ "email": "alice@example.org" })).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({ "message": "Confirmation link sent" })));
        let said = me(&mut alice).await;
        assert_eq!((&said["email"], &said["email_verified"]), (&json!("alice@example.org"), &json!(false)));

        // A program that looks for viruses opens the link, and opens it again.
        let link = link(&portal, "alice@example.org").await;
        let mut scanner = Browser::new(&portal);
        for method in [Method::HEAD, Method::GET, Method::HEAD, Method::GET] {
            let answer = scanner.send(Request::builder().method(method).uri(&link), axum::body::Body::empty()).await;
            assert_eq!((answer.status, answer.location().as_str()), (StatusCode::SEE_OTHER, "/email"));
            assert_eq!(scanner.open("/email").await.status, StatusCode::OK);
        }
        assert_eq!(me(&mut alice).await["email_verified"], false);

        // The owner of the address, in another browser than the one that asked.
        let mut mail = Browser::new(&portal);
        let opened = mail.open(&link).await;
        assert_eq!(opened.location(), "/email", "the token must leave the address bar");
        let page = mail.open("/email").await;
        assert!(page.body.contains("alice@example.org") && page.body.contains("<b>alice</b>"), "{}", page.body);
        let done = mail.submit("/do/confirm-email", &[]).await;
        assert_eq!(done.location(), "/email?message=email-on");
        assert!(mail.open(&done.location()).await.body.contains("Confirmed."));
        assert_eq!(me(&mut alice).await["email_verified"], true);
        // Once.
        assert_eq!(mail.submit("/do/confirm-email", &[]).await.location(), "/email?message=email-dead");
        mail.open(&link).await;
        assert_eq!(mail.open("/email").await.status, StatusCode::GONE);
    }

    async fn what_is_no_address_is_said_plainly(portal: TestPortal) {
        let mut alice = alice(&portal).await;
        for (body, status, error) in [
            (json!({}), 400, "email is required"),
            (json!({ "email": 5 }), 400, "email must be a string"),
            (json!({ "email": "alice" }), 400, "email must be an address such as name@example.org"),
            (json!({ "email": "a@b.c\r\nBcc: eve@evil.test" }), 400, "email must be an address such as name@example.org"),
            (json!({ "email": format!("{}@example.org", "a".repeat(320)) }), 400, "email must be at most 320 characters"),
        ] {
            let answer = alice.post_json(PATH, &body).await;
            assert_eq!((answer.status.as_u16(), &answer.json()["error"]), (status, &json!(error)));
        }
        let nobody = Browser::new(&portal).post_json(PATH, &json!({ "email": "a@example.org" })).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
        portal.advance(minutes(10));
        let old = alice.post_json(PATH, &json!({ "email": "a@example.org" })).await;
        assert_eq!((old.status, &old.json()["error"]), (StatusCode::FORBIDDEN, &json!("Fresh login required")));
        assert_eq!(portal.count("mail_queue").await, 0);
    }

    async fn a26_a_flood_of_letters_gets_a_429(portal: TestPortal) {
        let mut alice = alice(&portal).await;
        for n in 0..3 {
            let body = json!({ "email": format!("a{n}@example.org") });
            assert_eq!(alice.post_json(PATH, &body).await.status, StatusCode::OK);
        }
        let answer = alice.post_json(PATH, &json!({ "email": "a3@example.org" })).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!((answer.header("retry-after"), &answer.json()["retry_after"]), ("600", &json!(600)));
    }

    async fn a26_links_are_made_from_the_base_url_whatever_the_host_says(portal: TestPortal) {
        let mut alice = alice(&portal).await;
        let request = Request::post(PATH)
            .header("content-type", "application/json")
            .header("host", "evil.test")
            .header("x-forwarded-host", "evil.test");
        let body = json!({ "email": "alice@example.org" }).to_string();
        assert_eq!(alice.send(request, body.into()).await.status, StatusCode::OK);
        let mail = portal.last_mail_to("alice@example.org").await;
        assert!(!mail.raw().contains("evil.test"));
        assert!(mail.link().starts_with("https://portal.example.org/email/"));
    }
}
