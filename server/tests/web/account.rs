use backend::both_engines;
use http::{Method, StatusCode};

use crate::browser::Browser;

both_engines! {
    async fn the_account_page_is_for_those_who_are_logged_in(portal: TestPortal) {
        let answer = Browser::new(&portal).open("/account").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.location(), "/login?return_to=%2Faccount");
    }

    async fn the_account_page_shows_who_one_is(portal: TestPortal) {
        portal.owner("Alice").await;
        let mut browser = Browser::logged_in(&portal, "alice").await;
        let page = browser.open("/account").await;
        assert_eq!(page.status, StatusCode::OK);
        for shown in ["Your account", "Alice", "Owner", "203.0.113.7", "Log out"] {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
        assert_eq!(page.header("cache-control"), "no-store");
    }

    async fn the_shared_cookie_alone_opens_no_page(portal: TestPortal) {
        portal.owner("alice").await;
        let mut sister = Browser::logged_in(&portal, "alice").await.with_only(&["hsession"]);
        let answer = sister.open("/account").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(!answer.body.contains("Owner"), "{}", answer.body);
    }

    async fn logging_out_clears_both_cookies_and_ends_the_session(portal: TestPortal) {
        portal.owner("alice").await;
        let before = Browser::logged_in(&portal, "alice").await;
        let mut browser = before.clone();
        let answer = browser.submit("/do/sign-out", &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(browser.holds_no_session(), "{:?}", browser.cookies);
        let page = browser.follow(&answer.location()).await;
        assert!(page.body.contains("You are logged out."), "{}", page.body);
        let stolen = before.clone().call(Method::GET, "/v1/users/me").await;
        assert_eq!(stolen.status, StatusCode::UNAUTHORIZED);
    }

    async fn logging_out_twice_is_no_error(portal: TestPortal) {
        let answer = Browser::new(&portal).submit("/do/sign-out", &[]).await;
        assert_eq!(answer.location(), "/login?message=signed-out");
    }

    async fn a_failed_logout_says_so_and_clears_nothing(portal: TestPortal) {
        portal.owner("alice").await;
        let mut browser = Browser::logged_in(&portal, "alice").await;
        portal.execute("alter table sessions rename column ended_by to gone").await;
        let answer = browser.submit("/do/sign-out", &[]).await;
        assert_eq!(answer.location(), "/account?message=still-signed-in");
        assert!(browser.cookies.contains_key("hsession"));
        let page = browser.follow(&answer.location()).await;
        assert!(page.body.contains("You are still logged in"), "{}", page.body);
    }

    async fn names_are_text_on_every_page(portal: TestPortal) {
        portal.owner("alice").await;
        portal.execute(
            "update users set display = '\"><img src=x onerror=alert(1)></script>{{7*7}}'"
        ).await;
        let mut browser = Browser::logged_in(&portal, "alice").await;
        let page = browser.open("/account").await;
        assert!(!page.body.contains("<img"), "{}", page.body);
        assert!(page.body.contains("&lt;img"), "{}", page.body);
    }
}
