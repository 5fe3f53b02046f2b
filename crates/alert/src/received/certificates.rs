//! Certificates of SNS, fetched once and kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use url::Url;

use super::{Invalid, certificate};
use crate::NoClient;
use crate::address::PublicOnly;

/// The longest certificate that is read, in bytes, and how many are kept.
const LONGEST: usize = 64 * 1024;
const KEPT: usize = 64;

/// Where certificates come from.
#[derive(Debug)]
pub struct Certificates {
    source: Source,
    kept: Mutex<HashMap<Url, Arc<[u8]>>>,
}

#[derive(Debug)]
enum Source {
    Sns(Client),
    Given(Arc<[u8]>),
}

impl Certificates {
    /// From SNS, over HTTPS, without redirects.
    pub fn from_sns() -> Result<Certificates, NoClient> {
        let client = careful().https_only(true).dns_resolver(Arc::new(PublicOnly)).build()?;
        Ok(Certificates { source: Source::Sns(client), kept: Mutex::default() })
    }

    /// One that is at hand, in PEM: nothing is fetched.
    pub fn given(pem: &[u8]) -> Certificates {
        Certificates { source: Source::Given(pem.into()), kept: Mutex::default() }
    }

    pub(super) async fn at(&self, url: &Url) -> Result<Arc<[u8]>, Invalid> {
        let client = match &self.source {
            Source::Given(pem) => return Ok(pem.clone()),
            Source::Sns(client) => client,
        };
        let known = self.kept().get(url).cloned();
        if let Some(pem) = known {
            return Ok(pem);
        }
        // Nobody waits for another's fetch: two that fetch the same at once keep the same.
        let pem: Arc<[u8]> = fetch(client, url).await?.into();
        certificate::read(&pem)?;
        let mut kept = self.kept();
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(url.clone(), pem.clone());
        Ok(pem)
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Url, Arc<[u8]>>> {
        // Whoever panicked while holding it has left it whole.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A client that goes nowhere but where it is sent, and does not wait for long.
fn careful() -> ClientBuilder {
    Client::builder().redirect(Policy::none()).no_proxy().timeout(Duration::from_secs(5))
}

async fn fetch(client: &Client, url: &Url) -> Result<Vec<u8>, Invalid> {
    let failed = |error: reqwest::Error| Invalid::Unfetched(error.without_url().to_string());
    let mut answer = client.get(url.clone()).send().await.map_err(failed)?;
    if answer.status() != reqwest::StatusCode::OK {
        return Err(Invalid::Unfetched(format!("SNS answers {}", answer.status())));
    }
    let mut pem = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(failed)? {
        pem.extend_from_slice(&part);
        if pem.len() > LONGEST {
            return Err(Invalid::Certificate("it is longer than 64 KB"));
        }
    }
    Ok(pem)
}

#[cfg(test)]
#[path = "certificates_tests.rs"]
mod tests;
