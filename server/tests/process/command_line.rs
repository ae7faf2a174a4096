//! The binary as an operator meets it: what it prints, what stops it, what it leaves.

use std::fs;
use std::net::TcpListener;
use std::process::{Output, Stdio};

use backend::DatabaseUrl;
use backend::testing::empty_postgres;

use crate::place::{PASSWORD, Place, Serving, free_address};

/// The one sentence on standard error, of a run that must have failed.
fn sentence(output: &Output) -> String {
    assert!(!output.status.success(), "it did not fail");
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(output.stdout.is_empty());
    text.trim()
        .strip_prefix("portal: ")
        .unwrap_or_else(|| panic!("{text}"))
        .to_owned()
}

#[test]
fn a_wrong_setting_stops_the_start_with_one_sentence_that_names_it() {
    let place = Place::new();
    for (name, value) in [
        ("PORTAL_ADDR", "3000"),
        ("PORTAL_ADDR", "localhost:3000"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "sqlite::memory:"),
        ("PORTAL_BASE_URL", "portal.example.org"),
        ("PORTAL_BASE_URL", "http://portal.example.org"),
        ("PORTAL_BASE_URL", "https://portal.example.org/login"),
        ("PORTAL_COOKIE_NAME", "a b"),
        ("PORTAL_COOKIE_NAME", "__Host-x"),
        ("PORTAL_COOKIE_DOMAIN", "https://example.org"),
        ("PORTAL_COOKIE_DOMAIN", "example.org"),
        ("PORTAL_COOKIE_SAMESITE", "sometimes"),
        ("PORTAL_ALLOWED_ORIGINS", "wiki.example.org"),
        ("PORTAL_ALLOWED_ORIGINS", "http://wiki.example.org"),
        ("PORTAL_PLATFORMS", "Discord"),
        ("PORTAL_SIGN_UP", "maybe"),
        ("BOT_LOGIN_WEB_REQUIRED_EVERY", "-1"),
        ("PORTAL_ADMINS_NEED_SECOND_FACTOR", "sometimes"),
        ("PORTAL_TRUSTED_PROXIES", "proxy.example.org"),
        ("PORTAL_SESSION_LIFETIME", "forever"),
        ("PORTAL_ADMIN_IDLE", "0s"),
        ("PORTAL_PASSWORD_MIN", "5"),
        ("PORTAL_PASSWORD_MIN", "many"),
        ("PORTAL_SITE_NAME", ""),
        ("PORTAL_LOGO", "nowhere.svg"),
        ("PORTAL_LOGO", "/dev/null"),
        ("PORTAL_ACCENT", "blue"),
        ("PORTAL_ACCENT", "#ffd400"),
        ("PORTAL_SUPPORT_URL", "javascript:alert(1)"),
        ("PORTAL_TERMS_URL", "example.org/terms"),
        ("PORTAL_PRIVACY_URL", "http://example.org/privacy"),
        ("PORTAL_SMTP_URL", "mail.example.org"),
        ("PORTAL_SMTP_URL", "smtp://mail.example.org"),
        ("PORTAL_SMTP_URL", "smtp://localhost?tls=maybe"),
        ("PORTAL_SMTP_URL", "smtps://portal@mail.example.org"),
        ("PORTAL_MAIL_FROM", "Portal"),
        ("PORTAL_MAIL_FROM", "Portal <portal>"),
        ("PORTAL_LOGIN_LIMIT", "few"),
        ("PORTAL_BOT_LIMIT", "-1"),
        ("PORTAL_CONNECTIONS_PER_ADDRESS", "many"),
        ("PORTAL_METRICS_ADDR", "9100"),
        ("PORTAL_LOG", "loud"),
        ("PORTAL_CONFIG", "nowhere.conf"),
    ] {
        let sentence = sentence(&place.run(&["serve"], &[(name, value)]));
        assert!(
            sentence.starts_with(&format!("{name}: ")),
            "{name}={value}: {sentence}"
        );
    }
    place.assert_untouched();
}

#[test]
fn a_password_in_a_wrong_database_address_is_not_printed() {
    let place = Place::new();
    let output = place.run(
        &["serve"],
        &[("DATABASE_URL", "mysql://portal:hunter2@db/portal")],
    );
    assert!(!sentence(&output).contains("hunter2"));
}

#[test]
fn a_password_in_a_mail_server_s_address_is_never_printed() {
    let place = Place::new();
    for (url, clause) in [
        (
            "smtp://portal:hunter2@mail.example.org",
            "isn't on this machine",
        ),
        (
            "smtps://portal:hunter2@mail.example.org/x",
            "must have the form",
        ),
        (
            "smtps://:hunter2@mail.example.org",
            "a password without a user",
        ),
    ] {
        let sentence = sentence(&place.run(&["serve"], &[("PORTAL_SMTP_URL", url)]));
        assert!(sentence.contains(clause), "{sentence}");
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
    let url = "smtps://portal:hunter2@mail.example.org";
    let help = place.run(&["serve", "--help"], &[("PORTAL_SMTP_URL", url)]);
    assert!(!String::from_utf8(help.stdout).unwrap().contains("hunter2"));
}

#[test]
fn a_mail_folder_that_can_not_be_written_stops_the_start() {
    let place = Place::new();
    let address = free_address();
    let settings = [("PORTAL_MAIL_DIR", "/proc/mail"), ("PORTAL_ADDR", &address)];
    let sentence = sentence(&place.run(&["serve"], &settings));
    assert!(
        sentence.starts_with("PORTAL_MAIL_DIR: the folder /proc/mail can't be used"),
        "{sentence}"
    );
}

#[test]
fn a_postgresql_that_is_not_there_stops_the_start() {
    let place = Place::new();
    let address = free_address();
    let url = format!("postgres://portal:hunter2@{}/portal", free_address());
    let settings = [("DATABASE_URL", url.as_str()), ("PORTAL_ADDR", &address)];
    let sentence = sentence(&place.run(&["serve"], &settings));
    assert!(
        sentence.starts_with("DATABASE_URL: postgres://127.0.0.1:"),
        "{sentence}"
    );
    assert!(!sentence.contains("hunter2"), "{sentence}");
    place.assert_untouched();
}

#[test]
fn a_busy_port_stops_the_start_before_anything_is_made() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let sentence = sentence(&place.run(&["serve"], &[("PORTAL_ADDR", &address)]));
    assert!(
        sentence.starts_with(&format!("PORTAL_ADDR: can't listen on {address}")),
        "{sentence}"
    );
    place.assert_untouched();
}

#[test]
fn a_folder_that_can_not_be_written_stops_the_start() {
    let place = Place::new();
    let address = free_address();
    // Not even root makes folders there.
    for (name, value) in [
        ("DATABASE_URL", "sqlite:/proc/portal/portal.db"),
        ("PORTAL_SECRET_FILE", "/proc/portal.secret"),
    ] {
        let sentence =
            sentence(&place.run(&["serve"], &[(name, value), ("PORTAL_ADDR", &address)]));
        assert!(sentence.starts_with(&format!("{name}: ")), "{sentence}");
    }
    place.assert_untouched();
}

#[test]
fn a_missing_web_site_stops_the_start() {
    let place = Place::new();
    fs::remove_file(place.path().join("site/a.js")).unwrap();
    fs::write(place.path().join("site/assets.json"), "{}").unwrap();
    let sentence = sentence(&place.run(&["serve"], &[]));
    assert!(sentence.contains("the website has no"), "{sentence}");
    assert!(!place.path().join("data").exists());
}

#[test]
fn the_settings_file_gives_way_to_the_environment_and_to_the_command_line() {
    let place = Place::new();
    let file = place.path().join("portal.conf");
    fs::write(
        &file,
        "# mine\nDATABASE_URL=sqlite:from_file/x.db\n\nPORTAL_SITE_NAME = \"The Guild\"\n",
    )
    .unwrap();
    let config = ("PORTAL_CONFIG", "portal.conf");
    let environment = ("DATABASE_URL", "sqlite:from_environment/x.db");
    let arguments = ["migrate", "--database-url", "sqlite:from_arguments/x.db"];
    for (arguments, settings, expected) in [
        (
            &arguments[..1],
            &[config][..],
            "sqlite:from_file/x.db is up to date.\n",
        ),
        (
            &arguments[..1],
            &[config, environment],
            "sqlite:from_environment/x.db is up to date.\n",
        ),
        (
            &arguments,
            &[config, environment],
            "sqlite:from_arguments/x.db is up to date.\n",
        ),
    ] {
        let output = place.run(arguments, settings);
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            expected,
            "{:?}",
            output.stderr
        );
    }

    fs::write(&file, "PORTAL_PASSWORD_MIN=5\n").unwrap();
    let wrong = sentence(&place.run(&["migrate"], &[config]));
    assert_eq!(
        wrong,
        "PORTAL_PASSWORD_MIN: \"5\" must be a number from 6 to 64"
    );
    fs::write(&file, "PORTAL_ADRR=127.0.0.1:1\n").unwrap();
    let unknown = sentence(&place.run(&["migrate", "--config", "portal.conf"], &[]));
    assert_eq!(
        unknown,
        "PORTAL_CONFIG: line 1 of portal.conf has an unknown setting, PORTAL_ADRR"
    );
    fs::write(&file, "what\n").unwrap();
    let form = sentence(&place.run(&["--config=portal.conf", "migrate"], &[]));
    assert_eq!(
        form,
        "PORTAL_CONFIG: line 1 of portal.conf must have the form NAME=value"
    );
}

#[test]
fn help_lists_every_setting() {
    let place = Place::new();
    let output = place.run(&["serve", "--help"], &[]);
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    let named = help.split("[env: ").skip(1).count();
    let settings = include_str!("../../src/settings.rs");
    assert_eq!(named, settings.matches("env = \"").count(), "{help}");
}

#[test]
fn migrate_makes_the_database_and_says_so() {
    let place = Place::new();
    let output = place.run(&["migrate"], &[]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "sqlite:data/portal.db is up to date.\n"
    );
    let output = place.run(&["--json", "migrate"], &[]);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        said,
        serde_json::json!({ "database": "sqlite:data/portal.db", "up_to_date": true })
    );
}

#[tokio::test]
async fn migrate_to_postgresql_proves_the_copy_and_prints_no_password() {
    let place = Place::new();
    assert!(place.create_owner("alice", PASSWORD).status.success());
    let DatabaseUrl::Postgres(to) = empty_postgres().await else {
        panic!("not on PostgreSQL");
    };
    let output = place.run(&["--json", "migrate", "--to", &to], &[]);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(said["from"], "sqlite:data/portal.db");
    assert_eq!(said["secret_file"], "data/portal.secret");
    assert_eq!(said["written_meanwhile"], false);
    let tables = said["tables"].as_array().unwrap();
    let users = tables
        .iter()
        .find(|table| table["name"] == "users")
        .unwrap();
    assert_eq!(users["rows"], 1);
    assert_eq!(users["sha256_sum"].as_str().unwrap().len(), 64);
    let rows: u64 = tables
        .iter()
        .map(|table| table["rows"].as_u64().unwrap())
        .sum();
    assert_eq!(said["rows"], rows);
    let (_, password) = to.rsplit_once('@').unwrap().0.rsplit_once(':').unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains(password));

    // With the same secret file, the copy is a portal's database.
    let copy = ("DATABASE_URL", to.as_str());
    let migrate = ["migrate"];
    let unbound = sentence(&place.run(&migrate, &[copy, ("PORTAL_SECRET_FILE", "other.secret")]));
    assert!(unbound.starts_with("PORTAL_SECRET_FILE: "), "{unbound}");
    assert!(place.run(&migrate, &[copy]).status.success());

    let again = sentence(&place.run(&["migrate", "--to", &to], &[]));
    assert!(
        again.starts_with("--to: ") && again.contains("is not empty"),
        "{again}"
    );
    assert!(!again.contains(password), "{again}");
}

#[test]
fn migrate_to_copies_no_database_that_is_not_there() {
    let place = Place::new();
    let to = "postgres://portal:hunter2@127.0.0.1:1/portal";
    let missing = sentence(&place.run(&["migrate", "--to", to], &[]));
    assert_eq!(
        missing,
        "DATABASE_URL: there's no database at data/portal.db"
    );
    place.assert_untouched();
    let to = "mysql://portal:hunter2@db/portal";
    let wrong = sentence(&place.run(&["migrate", "--to", to], &[]));
    assert!(
        wrong.starts_with("--to: the value must have the form"),
        "{wrong}"
    );
    assert!(!wrong.contains("hunter2"), "{wrong}");
}

#[test]
fn owner_create_takes_the_password_from_standard_input() {
    let place = Place::new();
    let output = place.create_owner("Alice", PASSWORD);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said["username"], "Alice");
    assert!(said["id"].as_i64().unwrap() > 0);

    for (username, password, expected) in [
        ("alice", PASSWORD, "That username is taken."),
        ("bob", "short", "Password must be at least 15 characters."),
        (
            "b b",
            PASSWORD,
            "Use only letters (a–z), numbers, dots, dashes and underscores.",
        ),
    ] {
        let output = place.create_owner(username, password);
        assert!(!output.status.success());
        let said: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(said["error"], expected);
    }
}

#[test]
fn without_an_owner_serve_prints_a_link_and_logs_no_trace_of_it() {
    let place = Place::new();
    let mut serving = Serving::start(&place, &[("PORTAL_LOG", "trace")]);
    assert!(
        serving
            .line()
            .starts_with("Portal is running at http://localhost:")
    );
    assert!(serving.line().starts_with("There is no owner yet."));
    serving.line();
    let link = serving.line();
    let (base, token) = link.split_once("/setup?token=").unwrap();
    assert!(base.starts_with("http://localhost:"), "{link}");
    assert_eq!(token.len(), 43);

    assert!(serving.get("/health").contains(r#"{"status":"healthy"}"#));
    let answer = serving.get(&format!("/setup?token={token}"));
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(serving.get("/login").contains("action=\"/do/sign-in\""));

    let (ended_well, log) = serving.stop();
    assert!(ended_well);
    assert!(!log.contains(token));
    assert!(log.contains("\"route\":\"/setup\""), "{log}");
    for written in log.lines() {
        let parsed: serde_json::Value =
            serde_json::from_str(written).unwrap_or_else(|_| panic!("{written}"));
        assert!(parsed.is_object());
    }
}

#[test]
fn with_an_owner_serve_prints_no_link() {
    let place = Place::new();
    assert!(place.create_owner("alice", PASSWORD).status.success());
    let mut serving = Serving::start(&place, &[]);
    assert!(serving.line().starts_with("Portal is running at"));
    assert!(serving.get("/health").contains("healthy"));
    let (ended_well, _) = serving.stop();
    assert!(ended_well);
}

#[test]
fn in_systemds_journal_the_link_is_not_printed() {
    use std::os::unix::fs::MetadataExt as _;

    let place = Place::new();
    let journal = place.path().join("journal");
    let file = fs::File::create(&journal).unwrap();
    let metadata = file.metadata().unwrap();
    for (stream, printed) in [
        (format!("{}:{}", metadata.dev(), metadata.ino()), false),
        ("8:1".to_owned(), true),
    ] {
        let address = free_address();
        let settings = [
            ("JOURNAL_STREAM", stream.as_str()),
            ("PORTAL_ADDR", &address),
        ];
        let mut child = place
            .portal(&["serve"], &settings)
            .stdout(file.try_clone().unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let said = loop {
            let said = fs::read_to_string(&journal).unwrap();
            if said.contains("There is no owner yet") {
                break said;
            }
            assert!(child.try_wait().unwrap().is_none(), "it stopped");
        };
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(said.contains("token="), printed, "{said}");
        fs::write(&journal, "").unwrap();
    }
}

#[test]
fn help_shows_no_secret_of_the_settings_file() {
    let place = Place::new();
    let text = "DATABASE_URL=postgres://portal:hunter2@db/portal\n";
    fs::write(place.path().join("portal.conf"), text).unwrap();
    let output = place.run(&["serve", "--help", "--config", "portal.conf"], &[]);
    assert!(
        !String::from_utf8(output.stdout)
            .unwrap()
            .contains("hunter2")
    );
}

#[test]
fn with_json_every_error_is_json() {
    let place = Place::new();
    for settings in [[("PORTAL_ADDR", "x")], [("PORTAL_CONFIG", "nowhere.conf")]] {
        let output = place.run(&["--json", "serve"], &settings);
        let said: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert!(said["error"].as_str().unwrap().starts_with(settings[0].0));
    }
}

#[test]
fn a_bot_is_registered_and_its_key_shown_once() {
    let place = Place::new();
    assert!(place.create_owner("alice", PASSWORD).status.success());
    let register = |name: &str, platform: &str, owner: &str| {
        let arguments = [
            "--json",
            "bot",
            "register",
            "--name",
            name,
            "--platform",
            platform,
            "--owner",
            owner,
        ];
        place.run(&arguments, &[])
    };
    let output = register("Hansel", "discord", "Alice");
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let key = said["api_key"].as_str().unwrap();
    assert!(key.starts_with("hbot_") && key.len() == 55, "{key}");
    for (name, platform, owner, expected) in [
        (
            "Hansel",
            "discord",
            "alice",
            "A bot with that name already exists.",
        ),
        (
            "Gretel",
            "matrix",
            "alice",
            "That platform isn't set up (see PORTAL_PLATFORMS).",
        ),
        ("Gretel", "discord", "bob", "No account has that username."),
        (
            "G",
            "discord",
            "alice",
            "The bot's name must be 2 to 32 visible characters.",
        ),
    ] {
        let output = register(name, platform, owner);
        let said: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(said["error"], expected);
    }
}

#[test]
fn an_owner_can_be_made_by_a_link_from_the_command_line() {
    let place = Place::new();
    let output = place.run(&["owner", "create", "--username", "alice", "--link"], &[]);
    let link = String::from_utf8(output.stdout).unwrap();
    assert!(
        link.starts_with("http://localhost:3000/setup?token="),
        "{link}"
    );
}

#[test]
fn pages_opened_by_another_name_of_this_machine_lead_to_the_base_url() {
    let place = Place::new();
    let mut serving = Serving::start(&place, &[]);
    serving.line();
    let (_, port) = serving.address.split_once(':').unwrap();
    for (name, path, expected) in [
        (
            "127.0.0.1",
            "/login?return_to=/account",
            "/login?return_to=/account",
        ),
        ("[::1]", "/", "/"),
        ("127.0.0.1", "//evil.test/", "/evil.test/"),
    ] {
        let answer = serving.get_by_name(name, path);
        let location = format!("location: http://localhost:{port}{expected}\r\n");
        assert!(answer.contains(&location), "{answer}");
    }
    for name in ["localhost", "portal.example.org", "localhost.evil.test"] {
        let answer = serving.get_by_name(name, "/login");
        assert!(answer.starts_with("HTTP/1.1 200"), "{name}: {answer}");
    }
}

#[test]
fn a_link_for_a_taken_name_is_refused() {
    let place = Place::new();
    assert!(place.create_owner("alice", PASSWORD).status.success());
    let output = place.run(&["owner", "create", "--username", "Alice", "--link"], &[]);
    assert_eq!(sentence(&output), "That username is taken.");
}
