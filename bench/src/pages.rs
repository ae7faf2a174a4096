use std::collections::BTreeSet;

use crate::Result;
use crate::client::Client;
use crate::place::{Place, Portal};
use crate::report::{Level, Report};
use crate::sessions::compare;
use crate::wrk::{Request, Requests};

const LOGIN: &str = "/login";

pub(crate) async fn measure(place: &Place, portal: &Portal, report: &mut Report) -> Result<()> {
    let headers = vec!["Accept: text/html".to_owned()];
    let mut client = Client::connect(&portal.address).await?;
    let page = client.get(LOGIN, &headers).await?;
    if page.status != 200 {
        return Err(format!("{LOGIN} answers {}", page.status).into());
    }
    let request = Request {
        method: "GET",
        path: LOGIN,
        body: String::new(),
        headers,
    };
    let requests = Requests::write(place, "pages", &[request])?;
    let pair = compare(place, portal, &requests, &page).await?;
    let level = Level::AtLeast {
        value: pair.ratio,
        level: 0.2,
    };
    let what = "/login rendered: ratio to the bare route";
    report.add(
        &portal.engine,
        what,
        format!("{:.2}", pair.ratio),
        &pair.note(),
        level,
    );

    let text = String::from_utf8(page.body)?;
    let files: BTreeSet<&str> = text
        .split(['"', '\''])
        .filter(|word| word.starts_with("/assets/"))
        .collect();
    let (mut files_bytes, accept) = (0, ["Accept-Encoding: br".to_owned()]);
    for file in &files {
        files_bytes += client.get(file, &accept).await?.body.len();
    }
    report.add(
        &portal.engine,
        "weight of /login",
        format!("{:.1} kB", (text.len() + files_bytes) as f64 / 1e3),
        &format!(
            "page {:.1} kB, not compressed, new each time; {} files {:.1} kB by brotli, kept for ever",
            text.len() as f64 / 1e3,
            files.len(),
            files_bytes as f64 / 1e3
        ),
        Level::None,
    );
    Ok(())
}
