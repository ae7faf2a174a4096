//! The command line: what it prints, what stops it, and what it creates.

use std::fs;
use std::net::TcpListener;
use std::process::{Output, Stdio};

use backend::DatabaseUrl;
use backend::testing::empty_postgres;

use crate::workspace::{PASSWORD, PortalProcess, Workspace, free_address};

/// The one sentence on standard error of a failed run.
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
fn invalid_setting_stops_the_start_with_one_sentence_that_names_it() {
    let workspace = Workspace::new();
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
        let sentence = sentence(&workspace.run(&["serve"], &[(name, value)]));
        assert!(
            sentence.starts_with(&format!("{name}: ")),
            "{name}={value}: {sentence}"
        );
    }
    workspace.assert_untouched();
}

#[test]
fn password_in_an_invalid_database_url_is_not_printed() {
    let workspace = Workspace::new();
    let output = workspace.run(
        &["serve"],
        &[("DATABASE_URL", "mysql://portal:hunter2@db/portal")],
    );
    assert!(!sentence(&output).contains("hunter2"));
}

#[test]
fn password_in_a_mail_server_url_is_never_printed() {
    let workspace = Workspace::new();
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
        let sentence = sentence(&workspace.run(&["serve"], &[("PORTAL_SMTP_URL", url)]));
        assert!(sentence.contains(clause), "{sentence}");
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
    let url = "smtps://portal:hunter2@mail.example.org";
    let help = workspace.run(&["serve", "--help"], &[("PORTAL_SMTP_URL", url)]);
    assert!(!String::from_utf8(help.stdout).unwrap().contains("hunter2"));
}

#[test]
fn unwritable_mail_folder_stops_the_start() {
    let workspace = Workspace::new();
    let address = free_address();
    let settings = [("PORTAL_MAIL_DIR", "/proc/mail"), ("PORTAL_ADDR", &address)];
    let sentence = sentence(&workspace.run(&["serve"], &settings));
    assert!(
        sentence.starts_with("PORTAL_MAIL_DIR: the folder /proc/mail can't be used"),
        "{sentence}"
    );
}

#[test]
fn unreachable_postgresql_stops_the_start() {
    let workspace = Workspace::new();
    let address = free_address();
    let url = format!("postgres://portal:hunter2@{}/portal", free_address());
    let settings = [("DATABASE_URL", url.as_str()), ("PORTAL_ADDR", &address)];
    let sentence = sentence(&workspace.run(&["serve"], &settings));
    assert!(
        sentence.starts_with("DATABASE_URL: postgres://127.0.0.1:"),
        "{sentence}"
    );
    assert!(!sentence.contains("hunter2"), "{sentence}");
    workspace.assert_untouched();
}

#[test]
fn busy_port_stops_the_start_before_anything_is_created() {
    let workspace = Workspace::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let sentence = sentence(&workspace.run(&["serve"], &[("PORTAL_ADDR", &address)]));
    assert!(
        sentence.starts_with(&format!("PORTAL_ADDR: can't listen on {address}")),
        "{sentence}"
    );
    workspace.assert_untouched();
}

#[test]
fn unwritable_data_folder_stops_the_start() {
    let workspace = Workspace::new();
    let address = free_address();
    // Not even root makes folders there.
    for (name, value) in [
        ("DATABASE_URL", "sqlite:/proc/portal/portal.db"),
        ("PORTAL_SECRET_FILE", "/proc/portal.secret"),
    ] {
        let sentence =
            sentence(&workspace.run(&["serve"], &[(name, value), ("PORTAL_ADDR", &address)]));
        assert!(sentence.starts_with(&format!("{name}: ")), "{sentence}");
    }
    workspace.assert_untouched();
}

#[test]
fn missing_site_files_stop_the_start() {
    let workspace = Workspace::new();
    fs::remove_file(workspace.path().join("site/a.js")).unwrap();
    fs::write(workspace.path().join("site/assets.json"), "{}").unwrap();
    let sentence = sentence(&workspace.run(&["serve"], &[]));
    assert!(sentence.contains("the website has no"), "{sentence}");
    assert!(!workspace.path().join("data").exists());
}

#[test]
fn environment_and_command_line_override_the_settings_file() {
    let workspace = Workspace::new();
    let file = workspace.path().join("portal.conf");
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
        let output = workspace.run(arguments, settings);
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            expected,
            "{:?}",
            output.stderr
        );
    }

    fs::write(&file, "PORTAL_PASSWORD_MIN=5\n").unwrap();
    let wrong = sentence(&workspace.run(&["migrate"], &[config]));
    assert_eq!(
        wrong,
        "PORTAL_PASSWORD_MIN: \"5\" must be a number from 6 to 64"
    );
    fs::write(&file, "PORTAL_ADRR=127.0.0.1:1\n").unwrap();
    let unknown = sentence(&workspace.run(&["migrate", "--config", "portal.conf"], &[]));
    assert_eq!(
        unknown,
        "PORTAL_CONFIG: line 1 of portal.conf has an unknown setting, PORTAL_ADRR"
    );
    fs::write(&file, "what\n").unwrap();
    let form = sentence(&workspace.run(&["--config=portal.conf", "migrate"], &[]));
    assert_eq!(
        form,
        "PORTAL_CONFIG: line 1 of portal.conf must have the form NAME=value"
    );
}

#[test]
fn help_lists_every_setting() {
    let workspace = Workspace::new();
    let output = workspace.run(&["serve", "--help"], &[]);
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    let named = help.split("[env: ").skip(1).count();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/settings");
    let declared = fs::read_dir(folder).unwrap().map(|file| {
        let source = fs::read_to_string(file.unwrap().path()).unwrap();
        source.matches("env = \"").count()
    });
    assert_eq!(named, declared.sum::<usize>(), "{help}");
}

#[test]
fn migrate_creates_the_database_and_reports_it() {
    let workspace = Workspace::new();
    let output = workspace.run(&["migrate"], &[]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "sqlite:data/portal.db is up to date.\n"
    );
    let output = workspace.run(&["--json", "migrate"], &[]);
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        result,
        serde_json::json!({ "database": "sqlite:data/portal.db", "up_to_date": true })
    );
}

#[tokio::test]
async fn migrate_to_postgresql_proves_the_copy_and_prints_no_password() {
    let workspace = Workspace::new();
    assert!(workspace.create_owner("alice", PASSWORD).status.success());
    let DatabaseUrl::Postgres(to) = empty_postgres().await else {
        panic!("not on PostgreSQL");
    };
    let output = workspace.run(&["--json", "migrate", "--to", &to], &[]);
    let result: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(result["from"], "sqlite:data/portal.db");
    assert_eq!(result["secret_file"], "data/portal.secret");
    assert_eq!(result["written_meanwhile"], false);
    let tables = result["tables"].as_array().unwrap();
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
    assert_eq!(result["rows"], rows);
    let (_, password) = to.rsplit_once('@').unwrap().0.rsplit_once(':').unwrap();
    assert!(!String::from_utf8(output.stdout).unwrap().contains(password));

    // With the same secret file, the copy is a portal's database.
    let copy = ("DATABASE_URL", to.as_str());
    let migrate = ["migrate"];
    let unbound =
        sentence(&workspace.run(&migrate, &[copy, ("PORTAL_SECRET_FILE", "other.secret")]));
    assert!(unbound.starts_with("PORTAL_SECRET_FILE: "), "{unbound}");
    assert!(workspace.run(&migrate, &[copy]).status.success());

    let again = sentence(&workspace.run(&["migrate", "--to", &to], &[]));
    assert!(
        again.starts_with("--to: ") && again.contains("is not empty"),
        "{again}"
    );
    assert!(!again.contains(password), "{again}");
}

#[test]
fn migrate_to_rejects_a_missing_database() {
    let workspace = Workspace::new();
    let to = "postgres://portal:hunter2@127.0.0.1:1/portal";
    let missing = sentence(&workspace.run(&["migrate", "--to", to], &[]));
    assert_eq!(
        missing,
        "DATABASE_URL: there's no database at data/portal.db"
    );
    workspace.assert_untouched();
    let to = "mysql://portal:hunter2@db/portal";
    let wrong = sentence(&workspace.run(&["migrate", "--to", to], &[]));
    assert!(
        wrong.starts_with("--to: the value must have the form"),
        "{wrong}"
    );
    assert!(!wrong.contains("hunter2"), "{wrong}");
}

#[test]
fn owner_create_reads_the_password_from_standard_input() {
    let workspace = Workspace::new();
    let output = workspace.create_owner("Alice", PASSWORD);
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["username"], "Alice");
    assert!(result["id"].as_i64().unwrap() > 0);

    for (username, password, expected) in [
        ("alice", PASSWORD, "That username is taken."),
        ("bob", "short", "Password must be at least 15 characters."),
        (
            "b b",
            PASSWORD,
            "Use only letters (a–z), numbers, dots, dashes and underscores.",
        ),
    ] {
        let output = workspace.create_owner(username, password);
        assert!(!output.status.success());
        let result: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(result["error"], expected);
    }
}

#[test]
fn serve_without_an_owner_prints_a_link_and_never_logs_it() {
    let workspace = Workspace::new();
    let mut serving = PortalProcess::start(&workspace, &[("PORTAL_LOG", "trace")]);
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
fn serve_with_an_owner_prints_no_link() {
    let workspace = Workspace::new();
    assert!(workspace.create_owner("alice", PASSWORD).status.success());
    let mut serving = PortalProcess::start(&workspace, &[]);
    assert!(serving.line().starts_with("Portal is running at"));
    assert!(serving.get("/health").contains("healthy"));
    let (ended_well, _) = serving.stop();
    assert!(ended_well);
}

#[test]
fn set_up_link_is_not_printed_to_the_systemd_journal() {
    use std::os::unix::fs::MetadataExt as _;

    let workspace = Workspace::new();
    let journal = workspace.path().join("journal");
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
        let mut child = workspace
            .portal(&["serve"], &settings)
            .stdout(file.try_clone().unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let result = loop {
            let result = fs::read_to_string(&journal).unwrap();
            if result.contains("There is no owner yet") {
                break result;
            }
            assert!(child.try_wait().unwrap().is_none(), "it stopped");
        };
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(result.contains("token="), printed, "{result}");
        fs::write(&journal, "").unwrap();
    }
}

#[test]
fn help_shows_no_secret_of_the_settings_file() {
    let workspace = Workspace::new();
    let text = "DATABASE_URL=postgres://portal:hunter2@db/portal\n";
    fs::write(workspace.path().join("portal.conf"), text).unwrap();
    let output = workspace.run(&["serve", "--help", "--config", "portal.conf"], &[]);
    assert!(
        !String::from_utf8(output.stdout)
            .unwrap()
            .contains("hunter2")
    );
}

#[test]
fn with_json_every_error_is_json() {
    let workspace = Workspace::new();
    for settings in [[("PORTAL_ADDR", "x")], [("PORTAL_CONFIG", "nowhere.conf")]] {
        let output = workspace.run(&["--json", "serve"], &settings);
        let result: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert!(result["error"].as_str().unwrap().starts_with(settings[0].0));
    }
}

#[test]
fn bot_register_shows_the_key_once() {
    let workspace = Workspace::new();
    assert!(workspace.create_owner("alice", PASSWORD).status.success());
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
        workspace.run(&arguments, &[])
    };
    let output = register("Hansel", "discord", "Alice");
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let key = result["api_key"].as_str().unwrap();
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
        let result: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(result["error"], expected);
    }
}

#[test]
fn owner_create_link_creates_an_owner() {
    let workspace = Workspace::new();
    let output = workspace.run(&["owner", "create", "--username", "alice", "--link"], &[]);
    let link = String::from_utf8(output.stdout).unwrap();
    assert!(
        link.starts_with("http://localhost:3000/setup?token="),
        "{link}"
    );
}

#[test]
fn pages_on_another_local_name_redirect_to_the_base_url() {
    let workspace = Workspace::new();
    let mut serving = PortalProcess::start(&workspace, &[]);
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
        let answer = serving.get_by_host(name, path);
        let location = format!("location: http://localhost:{port}{expected}\r\n");
        assert!(answer.contains(&location), "{answer}");
    }
    for name in ["localhost", "portal.example.org", "localhost.evil.test"] {
        let answer = serving.get_by_host(name, "/login");
        assert!(answer.starts_with("HTTP/1.1 200"), "{name}: {answer}");
    }
}

#[test]
fn owner_create_link_rejects_a_taken_name() {
    let workspace = Workspace::new();
    assert!(workspace.create_owner("alice", PASSWORD).status.success());
    let output = workspace.run(&["owner", "create", "--username", "Alice", "--link"], &[]);
    assert_eq!(sentence(&output), "That username is taken.");
}
