use std::collections::HashSet;
use std::net::IpAddr;

use app::{CookiePolicy, SameSite};
use clap::{Args, ValueEnum};
use domain::Origin;
use url::Url;

use super::error::SettingsError;
use super::site::is_loopback;

/// The session cookie, and the relying services that share it.
#[derive(Args, Clone, Debug)]
pub struct CookieSettings {
    /// The name of the session cookie
    #[arg(long, env = "PORTAL_COOKIE_NAME", global = true, value_name = "NAME", default_value = "hsession", value_parser = parse_cookie_name)]
    pub cookie_name: String,

    /// The parent domain that shares the session cookie with other services, such as example.org
    /// [default: none, only the portal's host]
    #[arg(long, env = "PORTAL_COOKIE_DOMAIN", global = true, value_name = "DOMAIN", value_parser = parse_cookie_domain)]
    pub cookie_domain: Option<String>,

    /// The SameSite attribute of the session cookie
    #[arg(
        long,
        env = "PORTAL_COOKIE_SAMESITE",
        global = true,
        value_name = "WORD",
        default_value = "none"
    )]
    pub cookie_samesite: CookieSameSite,

    /// Comma-separated origins of other services: they may read who someone is, log them out, and
    /// be returned to after a login
    #[arg(long, env = "PORTAL_ALLOWED_ORIGINS", global = true, value_name = "ORIGINS", default_value = "", value_parser = parse_origins)]
    pub allowed_origins: Origins,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum CookieSameSite {
    None,
    Lax,
    Strict,
}

#[derive(Clone, Debug, Default)]
pub struct Origins(Vec<Origin>);

impl CookieSettings {
    /// How cookies are set. Fails where the cookie's domain doesn't contain the base URL's host.
    pub(super) fn policy(&self, base_url: &Url) -> Result<CookiePolicy, SettingsError> {
        if let Some(domain) = &self.cookie_domain {
            let host = base_url.host_str().unwrap_or_default();
            let within = host == domain || host.ends_with(&format!(".{domain}"));
            if !within {
                return Err(SettingsError::ForeignCookieDomain);
            }
        }
        Ok(CookiePolicy {
            name: self.cookie_name.clone(),
            domain: self.cookie_domain.clone(),
            same_site: match self.cookie_samesite {
                CookieSameSite::None => SameSite::None,
                CookieSameSite::Lax => SameSite::Lax,
                CookieSameSite::Strict => SameSite::Strict,
            },
        })
    }

    /// The origins of relying services. Fails where one has no TLS: anyone who can read its traffic
    /// could read who people are.
    pub(super) fn allowed_origins(&self) -> Result<Vec<Origin>, SettingsError> {
        let Origins(origins) = &self.allowed_origins;
        let is_plain_http = |origin: &&Origin| {
            origin
                .as_str()
                .parse()
                .is_ok_and(|url: Url| url.scheme() == "http" && !is_loopback(&url))
        };
        match origins.iter().find(is_plain_http) {
            Some(origin) => Err(SettingsError::PlainRelyingService(origin.clone())),
            None => Ok(origins.clone()),
        }
    }
}

fn parse_cookie_name(text: &str) -> Result<String, &'static str> {
    let letters = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    // Browsers give names with such a prefix a meaning that we can't guarantee.
    let prefixed = text.to_ascii_lowercase().starts_with("__");
    if letters && !prefixed && (1..=40).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err("must have 1 to 40 letters, digits, _ or -, and can't start with __")
    }
}

fn parse_cookie_domain(text: &str) -> Result<String, &'static str> {
    let domain = text.strip_prefix('.').unwrap_or(text).to_ascii_lowercase();
    let labels: Vec<&str> = domain.split('.').collect();
    let fits = |label: &&str| {
        !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let is_name = labels.len() >= 2 && labels.iter().all(fits) && domain.parse::<IpAddr>().is_err();
    if is_name {
        Ok(domain)
    } else {
        Err("must be a domain like example.org")
    }
}

fn parse_origins(text: &str) -> Result<Origins, &'static str> {
    let entries = text
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty());
    let origins: HashSet<Origin> = entries
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|_| "must be comma-separated origins like https://wiki.example.org")?;
    Ok(Origins(origins.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookie_names_and_domains_are_validated() {
        assert!(parse_cookie_name("hsession").is_ok());
        for odd in ["", "__Host-x", "a=b", "a b", "a;b", &"x".repeat(41)] {
            assert!(parse_cookie_name(odd).is_err(), "{odd}");
        }
        assert_eq!(
            parse_cookie_domain(".Example.org").as_deref(),
            Ok("example.org")
        );
        for odd in [
            "",
            "org",
            "a..b",
            "example.org; Secure",
            "127.0.0.1",
            "https://x.org",
        ] {
            assert!(parse_cookie_domain(odd).is_err(), "{odd}");
        }
    }
}
