use std::collections::BTreeSet;

use crate::client::Client;
use crate::report::{Report, Target};
use crate::result::Result;
use crate::session_checks::compare;
use crate::workspace::{PortalProcess, Workspace};
use crate::wrk::{Request, Requests};

const LOGIN: &str = "/login";

pub(crate) async fn measure(
    workspace: &Workspace,
    portal: &PortalProcess,
    report: &mut Report,
) -> Result<()> {
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
    let requests = Requests::write(workspace, "pages", &[request])?;
    let comparison = compare(workspace, portal, &requests, &page).await?;
    let target = Target::AtLeast {
        value: comparison.ratio,
        target: 0.2,
    };
    let name = "/login rendered: ratio to the bare route";
    report.add(
        &portal.engine,
        name,
        format!("{:.2}", comparison.ratio),
        &comparison.note(),
        target,
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
        Target::None,
    );
    Ok(())
}
