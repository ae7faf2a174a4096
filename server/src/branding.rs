//! Branding of a community: logo, accent colour, and footer links.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::{fs, io};

use app::{Brand, Logo};
use url::Url;

use crate::assets::{AddedFile, Assets};

/// Bytes. Every page loads the logo, also before a login.
const MAX_LOGO_SIZE: usize = 50_000;

/// The policy of a logo that is opened by itself. An SVG may contain styles, which apply, and
/// scripts, which don't run.
const LOGO_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// The accent colour of a site, as `#rrggbb`. The style sheet derives readable shades from it
/// (`style/tokens.css`), except that the accent itself must be visible on a white page: its contrast
/// with white is at least 3:1 (WCAG 1.4.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accent([u8; 3]);

/// Why a text is no valid accent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccentError {
    #[error("must be a color like #5865f2")]
    Form,
    #[error("has too little contrast with white; {0} has enough")]
    TooLight(Accent),
}

impl Accent {
    const MIN_CONTRAST: f64 = 3.0;

    /// The contrast ratio with white, by WCAG 2.2.
    fn contrast_with_white(self) -> f64 {
        1.05 / (self.luminance() + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = self.0.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    /// The same colour, darkened until it has enough contrast.
    fn darkened(self) -> Self {
        let mut shade = self;
        while shade.contrast_with_white() < Self::MIN_CONTRAST {
            shade = Self(shade.0.map(|channel| channel - channel.div_ceil(32)));
        }
        shade
    }
}

impl FromStr for Accent {
    type Err = AccentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('#').ok_or(AccentError::Form)?;
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(AccentError::Form);
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| AccentError::Form)?;
        let [_, red, green, blue] = number.to_be_bytes();
        let accent = Self([red, green, blue]);
        let darkened = accent.darkened();
        if darkened == accent {
            Ok(accent)
        } else {
            Err(AccentError::TooLight(darkened))
        }
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The target of a link in the footer of every page: a web page or a mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FooterLink(String);

impl FromStr for FooterLink {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url: Url = text.parse().map_err(|_| FOOTER_LINK_RULE)?;
        let fits = match url.scheme() {
            "https" => url.has_host(),
            "mailto" => url.path().contains('@'),
            _ => false,
        };
        fits.then(|| Self(url.into())).ok_or(FOOTER_LINK_RULE)
    }
}

const FOOTER_LINK_RULE: &str =
    "must be an address like https://example.org/help or mailto:help@example.org";

/// What the settings say of the looks.
#[derive(Clone, Debug, Default)]
pub struct Branding {
    pub logo: Option<PathBuf>,
    pub accent: Option<Accent>,
    pub support: Option<FooterLink>,
    pub terms: Option<FooterLink>,
    pub privacy: Option<FooterLink>,
}

/// Why a logo can't be shown.
#[derive(Debug, thiserror::Error)]
pub enum LogoError {
    #[error("PORTAL_LOGO: {} can't be read ({cause})", file.display())]
    Unreadable { file: PathBuf, cause: io::Error },
    #[error("PORTAL_LOGO: {} has {size} bytes; the limit is {MAX_LOGO_SIZE}, since every page loads it", file.display())]
    TooLarge { file: PathBuf, size: usize },
    #[error("PORTAL_LOGO: {} isn't an SVG, PNG or WebP image", file.display())]
    UnknownKind { file: PathBuf },
}

impl Branding {
    /// Adds the files to the assets, and returns their URLs.
    ///
    /// # Errors
    /// See [`LogoError`].
    pub fn install(&self, assets: &mut Assets) -> Result<Brand, LogoError> {
        let style = self.accent.map(|accent| {
            let css = format!(":root{{--accent:{accent}}}");
            assets.add("brand.css", AddedFile::new("text/css; charset=utf-8", css))
        });
        let logo = match &self.logo {
            Some(file) => Some(install_logo(file, assets)?),
            None => None,
        };
        let link = |link: &Option<FooterLink>| link.as_ref().map(|link| link.0.clone());
        Ok(Brand {
            logo,
            style,
            support: link(&self.support),
            terms: link(&self.terms),
            privacy: link(&self.privacy),
        })
    }
}

fn install_logo(file: &Path, assets: &mut Assets) -> Result<Logo, LogoError> {
    let content = fs::read(file).map_err(|cause| LogoError::Unreadable {
        file: file.to_owned(),
        cause,
    })?;
    if content.len() > MAX_LOGO_SIZE {
        return Err(LogoError::TooLarge {
            file: file.to_owned(),
            size: content.len(),
        });
    }
    let (name, content_type) = detect_picture(&content).ok_or_else(|| LogoError::UnknownKind {
        file: file.to_owned(),
    })?;
    let served = AddedFile::new(content_type, content).with_policy(LOGO_POLICY);
    Ok(Logo {
        url: assets.add(name, served),
        content_type,
    })
}

/// The file name and media type of a picture, detected from its content.
fn detect_picture(content: &[u8]) -> Option<(&'static str, &'static str)> {
    if content.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(("logo.png", "image/png"));
    }
    if content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP") {
        return Some(("logo.webp", "image/webp"));
    }
    let text = str::from_utf8(content).ok()?.trim_start_matches('\u{feff}');
    let text = text.trim_start();
    let is_svg =
        (text.starts_with("<svg") || text.starts_with("<?xml") || text.starts_with("<!--"))
            && text.contains("<svg");
    is_svg.then_some(("logo.svg", "image/svg+xml"))
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use http::HeaderMap;
    use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};

    use super::*;

    #[test]
    fn accent_is_visible_on_white() {
        for fine in ["#5865f2", "#0F5B52", "#000000", "#d7263d", "#0f7fb8"] {
            let accent: Accent = fine.parse().unwrap();
            assert_eq!(accent.to_string(), fine.to_ascii_lowercase());
            assert!(accent.contrast_with_white() >= 3.0);
        }
        for odd in [
            "",
            "5865f2",
            "#58f",
            "#5865f2ff",
            "#5865g2",
            "blue",
            "#+865f2",
            "#1}*{x:",
        ] {
            assert_eq!(odd.parse::<Accent>(), Err(AccentError::Form), "{odd}");
        }
        for light in ["#ffffff", "#ffd400", "#9be7ff", "#00ff00"] {
            let Err(AccentError::TooLight(instead)) = light.parse::<Accent>() else {
                panic!("{light}");
            };
            // The suggested colour is valid.
            assert_eq!(instead.to_string().parse(), Ok(instead), "{light}");
        }
    }

    /// The values of WCAG's own examples.
    #[test]
    fn contrast_ratio_follows_wcag() {
        let contrast = |text: &str| text.parse::<Accent>().unwrap().contrast_with_white();
        assert!((contrast("#000000") - 21.0).abs() < 0.01);
        assert!((contrast("#767676") - 4.54).abs() < 0.01);
        assert!((contrast("#949494") - 3.03).abs() < 0.01);
    }

    #[tokio::test]
    async fn logo_is_served_with_detected_type_and_strict_policy() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("logo.png");
        fs::write(
            &file,
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>x</script></svg>",
        )
        .unwrap();
        let mut assets = Assets::default();
        let branding = Branding {
            logo: Some(file.clone()),
            accent: "#5865f2".parse().ok(),
            ..Branding::default()
        };
        let brand = branding.install(&mut assets).unwrap();
        let logo = brand.logo.unwrap();
        let get =
            |url: &str| assets.response(url.strip_prefix("/assets/").unwrap(), &HeaderMap::new());
        let answer = get(&logo.url);
        assert!(logo.url.starts_with("/assets/logo."), "{}", logo.url);
        assert_eq!(answer.headers()[CONTENT_TYPE], "image/svg+xml");
        assert_eq!(answer.headers()[CONTENT_SECURITY_POLICY], LOGO_POLICY);
        let style = get(&brand.style.unwrap());
        let style = to_bytes(style.into_body(), 100).await.unwrap();
        assert_eq!(style, ":root{--accent:#5865f2}");

        fs::write(&file, vec![b' '; MAX_LOGO_SIZE + 1]).unwrap();
        let error = branding.install(&mut assets).unwrap_err();
        assert!(matches!(error, LogoError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn footer_links_are_https_or_mailto() {
        for fine in ["https://example.org/help", "mailto:help@example.org"] {
            assert_eq!(fine.parse(), Ok(FooterLink(fine.to_owned())));
        }
        for odd in [
            "",
            "example.org",
            "http://example.org",
            "javascript:alert(1)",
            "mailto:",
            "data:text/html,x",
            "https://",
        ] {
            assert!(odd.parse::<FooterLink>().is_err(), "{odd}");
        }
    }

    #[test]
    fn picture_type_is_detected_from_content() {
        let kind = |content: &[u8]| detect_picture(content).map(|(_, kind)| kind);
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
        assert_eq!(kind(b"RIFF\x10\0\0\0WEBPVP8 "), Some("image/webp"));
        assert_eq!(
            kind("\u{feff}<?xml version=\"1.0\"?><svg/>".as_bytes()),
            Some("image/svg+xml")
        );
        assert_eq!(
            kind(b" <svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            Some("image/svg+xml")
        );
        for odd in [
            &b""[..],
            b"<html><svg></html>",
            b"<?xml version=\"1.0\"?><html/>",
            b"GIF89a",
            b"RIFF....WAVE",
            b"\xff\xfe<svg",
        ] {
            assert_eq!(kind(odd), None);
        }
    }
}
