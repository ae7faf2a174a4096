use std::net::SocketAddr;

use clap::Args;
use domain::Origin;
use url::{Host, Url};

use super::error::SettingsError;

/// Where the site is, and its name.
#[derive(Args, Clone, Debug)]
pub struct SiteSettings {
    /// The address to listen on
    #[arg(long, env = "PORTAL_ADDR", global = true, value_name = "IP:PORT", default_value = "127.0.0.1:3000", value_parser = parse_address)]
    pub addr: SocketAddr,

    /// The address people open the portal at; https, or http on this machine only
    /// [default: http://localhost with the port of PORTAL_ADDR]
    #[arg(long, env = "PORTAL_BASE_URL", global = true, value_name = "URL", value_parser = parse_base_url)]
    pub base_url: Option<Url>,

    /// The site's name, on pages and in emails
    #[arg(long, env = "PORTAL_SITE_NAME", global = true, value_name = "NAME", default_value = "Portal", value_parser = parse_site_name)]
    pub site_name: String,
}

impl SiteSettings {
    /// The URL that people open.
    ///
    /// # Errors
    /// [`SettingsError::PlainHttp`]: cookies and passwords would travel unencrypted.
    pub(super) fn base_url(&self) -> Result<Url, SettingsError> {
        let base_url = match &self.base_url {
            Some(base_url) => base_url.clone(),
            None => format!("http://localhost:{}/", self.addr.port())
                .parse()
                .map_err(|_| SettingsError::PlainHttp)?,
        };
        if base_url.scheme() == "http" && !is_loopback(&base_url) {
            return Err(SettingsError::PlainHttp);
        }
        Ok(base_url)
    }
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

pub(super) fn parse_address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse()
        .map_err(|_| "must be an IP address and port, like 127.0.0.1:3000")
}

fn parse_base_url(text: &str) -> Result<Url, &'static str> {
    const FORM: &str = "must be an address like https://portal.example.org, without a path";
    let origin: Origin = text.parse().map_err(|_| FORM)?;
    origin.as_str().parse().map_err(|_| FORM)
}

fn parse_site_name(text: &str) -> Result<String, &'static str> {
    let fits = (1..=40).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits {
        Ok(text.to_owned())
    } else {
        Err("must have 1 to 40 characters")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_url_is_an_origin() {
        assert_eq!(
            parse_base_url("https://portal.example.org")
                .unwrap()
                .as_str(),
            "https://portal.example.org/"
        );
        for odd in [
            "portal.example.org",
            "https://portal.example.org/login",
            "ftp://x",
            "https://u@x",
        ] {
            assert!(parse_base_url(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn loopback_is_this_machine_and_no_lookalike() {
        let loopback = |text: &str| is_loopback(&text.parse().unwrap());
        for own in [
            "http://localhost:3000",
            "http://127.0.0.1",
            "http://[::1]:3000",
            "http://portal.localhost",
        ] {
            assert!(loopback(own), "{own}");
        }
        for other in [
            "http://localhost.evil.test",
            "http://10.0.0.1",
            "http://portal.example.org",
        ] {
            assert!(!loopback(other), "{other}");
        }
    }
}
