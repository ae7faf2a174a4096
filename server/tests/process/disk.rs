//! A disk that is full, read-only, or fails at times: logins that can't be stored fail, acknowledged
//! writes stay, and the portal recovers with the disk, without a restart (security A21).

use std::fs::{self, File};
use std::io::Write as _;
use std::os::fd::AsRawFd as _;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use backend::DatabaseUrl;
use backend::testing::{TestPortal, number_on};

use crate::failures::{
    LOGOUT, ME, bearer, collect_log, login, logins, parsed, settings_of, start_under, token_of,
};
use crate::workspace::{HttpRequest, HttpResponse, PASSWORD, Workspace};

/// The status of a request with this token.
fn request_status(address: &str, path: &'static str, token: &str) -> u16 {
    bearer(HttpRequest::get(path), token)
        .of(address)
        .unwrap()
        .status
}

fn assert_no_session(result: &HttpResponse) {
    let head = result.head.to_lowercase();
    assert!(!head.contains("set-cookie:"), "{result:?}");
}

/// Security A21. A limit on file sizes stands in for the full disk: writes beyond it fail, and
/// `prlimit` lifts it while the portal runs.
#[tokio::test(flavor = "multi_thread")]
async fn a21_full_disk_fails_logins_and_needs_no_restart() {
    let portal = TestPortal::on_sqlite().await;
    portal.owner("alice").await;
    let workspace = Workspace::new();
    let ignoring = ["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""];
    let mut serving = start_under(&ignoring, &workspace, &settings_of(&portal));
    let log = collect_log(&mut serving);
    let address = serving.address.clone();
    let process = serving.child.id().to_string();
    let limit = |size: &str| {
        let limited = Command::new("prlimit")
            .args(["--pid", &process, &format!("--fsize={size}:unlimited")])
            .status();
        assert!(limited.unwrap().success());
    };
    let kept = token_of(&login("alice").of(&address).unwrap());
    let ended = token_of(&login("alice").of(&address).unwrap());
    assert_eq!(request_status(&address, LOGOUT, &ended), 200);
    let before = logins(&portal).await;
    for round in 0..3 {
        limit("0");
        for _ in 0..5 {
            let refused = login("alice").of(&address).unwrap();
            assert_eq!(refused.status, 503, "round {round}: {refused:?}");
            assert!(refused.head.to_lowercase().contains("retry-after:"));
            assert_no_session(&refused);
            // Sessions that there are can be read, ended ones stay ended, and nobody is told
            // that one ended which could not be written down.
            assert_eq!(request_status(&address, ME, &kept), 200);
            assert_eq!(request_status(&address, ME, &ended), 401);
            assert_eq!(request_status(&address, LOGOUT, &kept), 503);
        }
        limit("unlimited");
        assert_eq!(request_status(&address, ME, &kept), 200);
        let back = login("alice").of(&address).unwrap();
        assert_eq!(back.status, 200, "round {round}: {back:?}");
    }
    let after = logins(&portal).await;
    assert_eq!(after, (before.0 + 3, before.1 + 3));
    assert_eq!(request_status(&address, LOGOUT, &kept), 200);
    assert_eq!(request_status(&address, ME, &kept), 401);
    assert_eq!(portal.integrity().await, "ok");
    assert!(serving.stop_without_log());
    parsed(&log.join().unwrap());
}

/// A disk of eight megabytes in a mount namespace of the portal, filled by another program's file.
#[tokio::test(flavor = "multi_thread")]
async fn a21_disk_of_eight_megabytes_is_filled_and_freed() {
    let workspace = Workspace::new();
    fs::create_dir(workspace.path().join("disk")).unwrap();
    let mounted = format!(
        "mount -t tmpfs -o size=8m none disk \
         && echo '{PASSWORD}' | \"$0\" owner create --username alice >/dev/null \
         && exec \"$0\" \"$@\""
    );
    let wrapper = [
        "unshare",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        &mounted,
    ];
    let settings = [
        ("DATABASE_URL", "sqlite:disk/portal.db"),
        ("PORTAL_SECRET_FILE", "portal.secret"),
        ("PORTAL_LOGIN_LIMIT", "0"),
        ("PORTAL_TRUSTED_PROXIES", "127.0.0.1"),
        ("PATH", "/usr/bin:/bin"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let mut serving = start_under(&wrapper, &workspace, &settings);
    let log = collect_log(&mut serving);
    let address = serving.address.clone();
    // Who holds the folder open sees the disk after the portal's end too.
    let seen = format!(
        "/proc/{}/root{}/disk",
        serving.child.id(),
        workspace.path().display()
    );
    let disk = File::open(seen).expect("a mount namespace of its own");
    let disk_path = format!("/proc/self/fd/{}", disk.as_raw_fd());
    let log_in = || login("alice").of(&address).unwrap();

    let mut kept = vec![token_of(&log_in())];
    let ended = token_of(&log_in());
    assert_eq!(request_status(&address, LOGOUT, &ended), 200);
    for round in 0..3 {
        let ballast = format!("{disk_path}/ballast");
        let mut file = File::create(&ballast).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
        // The database's journal has room until the next page.
        let mut refused = 0;
        for _ in 0..100 {
            let result = log_in();
            match result.status {
                200 => kept.push(token_of(&result)),
                503 => {
                    refused += 1;
                    assert_no_session(&result);
                }
                _ => panic!("{result:?}"),
            }
            if refused == 5 {
                break;
            }
        }
        assert_eq!(refused, 5, "round {round}: the disk never was full");
        assert_eq!(request_status(&address, ME, &kept[0]), 200);
        assert_eq!(request_status(&address, ME, &ended), 401);
        drop(file);
        fs::remove_file(ballast).unwrap();
        let back = log_in();
        assert_eq!(back.status, 200, "round {round}: {back:?}");
        kept.push(token_of(&back));
    }
    for token in &kept {
        assert_eq!(request_status(&address, ME, token), 200);
    }
    assert!(serving.stop_without_log());
    parsed(&log.join().unwrap());

    let copy = workspace.path().join("copy.db");
    fs::copy(format!("{disk_path}/portal.db"), &copy).unwrap();
    let copy = DatabaseUrl::Sqlite(copy);
    let sound = "select count(*) from pragma_integrity_check where integrity_check = 'ok'";
    assert_eq!(number_on(&copy, sound).await, 1);
    let sessions = number_on(
        &copy,
        "select count(*) from sessions where ended_at is null",
    )
    .await;
    assert_eq!(usize::try_from(sessions).unwrap(), kept.len());
    let events = "select count(*) from audit_log where event_type = 'login.succeeded'";
    let events = number_on(&copy, events).await;
    assert_eq!(usize::try_from(events).unwrap(), kept.len() + 1);
}

/// Makes system calls of a running process fail until this is dropped.
struct DiskFault(Child);

impl DiskFault {
    /// `what` and `how` as strace's `inject` has them.
    fn inject(process: u32, what: &str, how: &str, workspace: &Workspace) -> Self {
        let result = workspace.path().join("strace");
        let child = Command::new("strace")
            .args(["-f", "-p", &process.to_string()])
            .args(["-e", &format!("trace={what}")])
            .args(["-e", &format!("inject={what}:{how}")])
            .stdout(Stdio::null())
            .stderr(File::create(&result).unwrap())
            .spawn()
            .unwrap();
        let fault = Self(child);
        for _ in 0..500 {
            if fs::read_to_string(&result).unwrap().contains("attached") {
                return fault;
            }
            sleep(Duration::from_millis(20));
        }
        panic!("{}", fs::read_to_string(result).unwrap());
    }
}

impl Drop for DiskFault {
    fn drop(&mut self) {
        // Asked, it lets go of the process.
        let id = self.0.id().to_string();
        drop(Command::new("kill").args(["-INT", &id]).status());
        drop(self.0.wait());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a21_disk_errors_lose_no_acknowledged_write() {
    const WRITING: &str = "pwrite64,ftruncate,fdatasync,fsync";
    let portal = TestPortal::on_sqlite().await;
    portal.owner("alice").await;
    let workspace = Workspace::new();
    let mut serving = start_under(&[], &workspace, &settings_of(&portal));
    let log = collect_log(&mut serving);
    let address = serving.address.clone();
    let process = serving.child.id();
    let log_in = || login("alice").of(&address).unwrap();
    let (mut valid, mut ended) = (vec![token_of(&log_in())], Vec::new());
    let before = logins(&portal).await;
    let mut won = 0;
    for (what, how, lets_some_through) in [
        // Remounted read-only, as a file system does that has found itself broken.
        (WRITING, "error=EROFS", false),
        ("fdatasync,fsync", "error=EIO", false),
        (WRITING, "error=EIO:when=1+3", true),
        ("fdatasync,fsync", "error=EIO:when=2+2", true),
        ("pwrite64", "error=ENOSPC:when=3+5", true),
        ("pread64", "error=EIO:when=1+2", true),
    ] {
        let fault = DiskFault::inject(process, what, how, &workspace);
        let mut refused = 0;
        for _ in 0..12 {
            let result = log_in();
            match result.status {
                200 => {
                    won += 1;
                    valid.push(token_of(&result));
                }
                503 => {
                    refused += 1;
                    assert_no_session(&result);
                }
                _ => panic!("{what} {how}: {result:?}"),
            }
            // Either it is ended, or nobody is told so.
            let token = valid.pop().unwrap();
            match request_status(&address, LOGOUT, &token) {
                200 => ended.push(token),
                503 => valid.push(token),
                status => panic!("{what} {how}: {status}"),
            }
            for token in &ended {
                let status = request_status(&address, ME, token);
                assert!(status == 401 || status == 503, "{what} {how}: {status}");
            }
            if valid.is_empty() {
                break;
            }
        }
        assert!(refused > 0 || lets_some_through, "{what} {how} did nothing");
        drop(fault);
        let back = log_in();
        assert_eq!(back.status, 200, "{what} {how}: {back:?}");
        won += 1;
        valid.push(token_of(&back));
        for token in &valid {
            assert_eq!(request_status(&address, ME, token), 200, "{what} {how}");
        }
        for token in &ended {
            assert_eq!(request_status(&address, ME, token), 401, "{what} {how}");
        }
    }
    // A login may have been written down and still been refused, where what came after it failed:
    // nobody has its cookie. None is written down by half.
    let after = logins(&portal).await;
    assert!(after.1 >= before.1 + won, "{after:?} {before:?} {won}");
    assert_eq!(
        after.0 - before.0,
        i64::try_from(after.1 - before.1).unwrap()
    );
    assert_eq!(portal.integrity().await, "ok");
    assert!(serving.stop_without_log());
    parsed(&log.join().unwrap());
}
