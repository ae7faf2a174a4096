use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::io;
use std::path::{Path, PathBuf};

use app::AssetUrls;
use axum::body::Bytes;
use axum::response::{IntoResponse as _, Response};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY,
};
use http::{HeaderMap, HeaderValue, StatusCode};

/// The route of the files.
pub(crate) const ROUTE: &str = "/assets/{name}";
const PREFIX: &str = "/assets/";

/// Maps plain file names to names with a hash.
const INDEX: &str = "assets.json";

/// The hash in the name changes with the content, so browsers never have to revalidate.
const CACHE_FOREVER: &str = "public, max-age=31536000, immutable";

/// The static files, all in memory: some 200 kB with their compressed forms.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    files: BTreeMap<String, Asset>,
    index: BTreeMap<String, String>,
}

#[derive(Clone, Debug)]
struct Asset {
    content_type: &'static str,
    policy: Option<&'static str>,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// A file from the settings.
pub(crate) struct AddedFile {
    content_type: &'static str,
    policy: Option<&'static str>,
    content: Bytes,
}

impl AddedFile {
    pub(crate) fn new(content_type: &'static str, content: impl Into<Bytes>) -> Self {
        Self {
            content_type,
            policy: None,
            content: content.into(),
        }
    }

    /// Sets the `Content-Security-Policy` of the file.
    pub(crate) fn with_policy(self, policy: &'static str) -> Self {
        Self {
            policy: Some(policy),
            ..self
        }
    }
}

/// Why the static files can't be served.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    #[error("the website's files are missing: there's no folder {} (run `make build`)", folder.display())]
    Missing { folder: PathBuf },
    #[error("the website's file {} can't be read ({cause})", file.display())]
    Unreadable { file: PathBuf, cause: io::Error },
    #[error("the website's {INDEX} can't be parsed ({0})")]
    Index(#[from] serde_json::Error),
    #[error("the website has no {0}; build it again (run `make build`)")]
    Incomplete(&'static str),
}

impl Assets {
    /// The files inside the binary, or in the folder `site` beside it or one above it
    /// (where cargo builds).
    ///
    /// # Errors
    /// See [`AssetsError`].
    pub fn find() -> Result<Self, AssetsError> {
        if let Some(embedded) = embedded()? {
            return Ok(embedded);
        }
        let binary = env::current_exe().unwrap_or_default();
        let beside = binary.parent().unwrap_or(Path::new(".")).join("site");
        let above = binary
            .ancestors()
            .nth(2)
            .unwrap_or(Path::new("."))
            .join("site");
        if beside.is_dir() {
            Self::read(&beside)
        } else {
            Self::read(&above)
        }
    }

    /// Reads a folder made by `scripts/assets.mjs`.
    ///
    /// # Errors
    /// See [`AssetsError`].
    pub fn read(folder: &Path) -> Result<Self, AssetsError> {
        let unreadable = |file: &Path, cause| AssetsError::Unreadable {
            file: file.to_owned(),
            cause,
        };
        let entries = fs::read_dir(folder).map_err(|_| AssetsError::Missing {
            folder: folder.to_owned(),
        })?;
        let mut contents = BTreeMap::new();
        for entry in entries {
            let path = entry.map_err(|cause| unreadable(folder, cause))?.path();
            let bytes = fs::read(&path).map_err(|cause| unreadable(&path, cause))?;
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            contents.insert(name, Bytes::from(bytes));
        }
        Self::from_contents(&contents)
    }

    fn from_contents(contents: &BTreeMap<String, Bytes>) -> Result<Self, AssetsError> {
        let index = contents.get(INDEX).ok_or(AssetsError::Incomplete(INDEX))?;
        let index: BTreeMap<String, String> = serde_json::from_slice(index)?;
        let mut files = BTreeMap::new();
        for name in index.values() {
            let Some(plain) = contents.get(name) else {
                continue;
            };
            let compressed = |ending| contents.get(&format!("{name}.{ending}")).cloned();
            let file = Asset {
                content_type: content_type(name),
                policy: None,
                plain: plain.clone(),
                brotli: compressed("br"),
                gzip: compressed("gz"),
            };
            files.insert(name.clone(), file);
        }
        Ok(Self { files, index })
    }

    /// The URLs that pages link to.
    ///
    /// # Errors
    /// One of the four files is missing.
    pub fn urls(&self) -> Result<AssetUrls, AssetsError> {
        let url = |name: &'static str| match self.index.get(name) {
            Some(hashed) => Ok(format!("{PREFIX}{hashed}")),
            None => Err(AssetsError::Incomplete(name)),
        };
        Ok(AssetUrls {
            style: url("portal.css")?,
            script: url("portal.js")?,
            wasm: url("portal.wasm")?,
            icon: url("favicon.svg")?,
        })
    }

    /// Adds a file, and returns its URL, which changes with the content.
    pub(crate) fn add(&mut self, name: &str, file: AddedFile) -> String {
        let mut hasher = DefaultHasher::new();
        hasher.write(&file.content);
        let hash = hasher.finish();
        let (stem, ending) = name.split_once('.').unwrap_or((name, "bin"));
        let name = format!("{stem}.{hash:016x}.{ending}");
        let url = format!("{PREFIX}{name}");
        let file = Asset {
            content_type: file.content_type,
            policy: file.policy,
            plain: file.content,
            brotli: None,
            gzip: None,
        };
        self.files.insert(name, file);
        url
    }

    /// The file in the smallest encoding that the client accepts.
    pub(crate) fn response(&self, name: &str, headers: &HeaderMap) -> Response {
        let Some(file) = self.files.get(name) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let accepted = AcceptedEncodings::of(headers);
        let (encoding, body) = match file {
            Asset {
                brotli: Some(brotli),
                ..
            } if accepted.brotli => (Some("br"), brotli),
            Asset {
                gzip: Some(gzip), ..
            } if accepted.gzip => (Some("gzip"), gzip),
            Asset { plain, .. } => (None, plain),
        };
        let fixed = [
            (CONTENT_TYPE, file.content_type),
            (CACHE_CONTROL, CACHE_FOREVER),
            (VARY, "accept-encoding"),
        ];
        let mut response = (fixed, body.clone()).into_response();
        let others = [
            (CONTENT_ENCODING, encoding),
            (CONTENT_SECURITY_POLICY, file.policy),
        ];
        for (name, value) in others {
            if let Some(value) = value {
                response
                    .headers_mut()
                    .insert(name, HeaderValue::from_static(value));
            }
        }
        response
    }
}

/// The encodings that a client accepts (RFC 9110, 12.5.3; a weight of 0 rejects one).
struct AcceptedEncodings {
    brotli: bool,
    gzip: bool,
}

impl AcceptedEncodings {
    fn of(headers: &HeaderMap) -> Self {
        let accept = headers
            .get(ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok());
        let takes = |wanted: &str| {
            accept.unwrap_or_default().split(',').any(|part| {
                let (name, weight) = part.split_once(';').unwrap_or((part, ""));
                let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
                name.trim().eq_ignore_ascii_case(wanted) && !refused
            })
        };
        Self {
            brotli: takes("br"),
            gzip: takes("gzip"),
        }
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(feature = "embed")]
fn embedded() -> Result<Option<Assets>, AssetsError> {
    static SITE: include_dir::Dir = include_dir::include_dir!("$CARGO_MANIFEST_DIR/../target/site");
    let contents = SITE
        .files()
        .map(|file| {
            (
                file.path().display().to_string(),
                Bytes::from_static(file.contents()),
            )
        })
        .collect();
    Assets::from_contents(&contents).map(Some)
}

#[cfg(not(feature = "embed"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature it can fail")]
const fn embedded() -> Result<Option<Assets>, AssetsError> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    fn assets() -> Assets {
        let files = [
            (INDEX, r#"{"portal.css":"portal.0123456789.css"}"#),
            ("portal.0123456789.css", "plain"),
            ("portal.0123456789.css.br", "brotli"),
            ("portal.0123456789.css.gz", "gzip"),
        ];
        let contents = files
            .map(|(name, text)| (name.to_owned(), Bytes::from_static(text.as_bytes())))
            .into();
        Assets::from_contents(&contents).unwrap()
    }

    #[tokio::test]
    async fn smallest_accepted_encoding_is_sent() {
        for (accept, encoding, body) in [
            ("gzip, deflate, br, zstd", Some("br"), "brotli"),
            ("gzip", Some("gzip"), "gzip"),
            ("br;q=0, GZIP;q=0.5", Some("gzip"), "gzip"),
            ("identity", None, "plain"),
            ("", None, "plain"),
        ] {
            let headers =
                HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(accept))]);
            let answer = assets().response("portal.0123456789.css", &headers);
            let sent = answer
                .headers()
                .get(CONTENT_ENCODING)
                .map(|value| value.to_str().unwrap());
            assert_eq!(sent, encoding, "{accept}");
            assert_eq!(answer.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
            assert_eq!(answer.headers()[CACHE_CONTROL], CACHE_FOREVER);
            assert_eq!(answer.headers()[VARY], "accept-encoding");
            assert_eq!(to_bytes(answer.into_body(), 100).await.unwrap(), body);
        }
    }

    #[test]
    fn only_listed_files_are_served() {
        for odd in [
            "portal.css",
            "assets.json",
            "portal.0123456789.css.br",
            "../Cargo.toml",
            "",
        ] {
            let status = assets().response(odd, &HeaderMap::new()).status();
            assert_eq!(status, StatusCode::NOT_FOUND, "{odd}");
        }
    }

    #[test]
    fn site_without_its_script_is_incomplete() {
        assert!(matches!(
            assets().urls(),
            Err(AssetsError::Incomplete("portal.js"))
        ));
    }
}
