//! Names to addresses, through the machine's resolver.
//!
//! That one blocks a thread, for longer than an attempt may take when a name's servers are silent.
//! So a host is looked up once at a time, whoever waits for it, and the lookups under way have a
//! maximum: the threads that stores need are never used up by bad names.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use parking_lot::Mutex;
use tokio::sync::Semaphore;

/// Lookups at the same time.
const LOOKUPS_MAX: usize = 32;
/// Addresses of a host that are looked at; more than these and it is refused.
const ADDRESSES_MAX: usize = 64;

type Addresses = Result<Arc<[IpAddr]>, Arc<io::Error>>;
type Lookup = Shared<BoxFuture<'static, Addresses>>;

/// Says which addresses a name has; may block.
type NameService = dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync;

/// Looks names up.
pub(super) struct Resolver {
    names: Arc<NameService>,
    under_way: Arc<Mutex<HashMap<String, Lookup>>>,
    threads: Arc<Semaphore>,
}

impl Default for Resolver {
    fn default() -> Self {
        Self::asking(|host| Ok((host, 0).to_socket_addrs()?.map(|it| it.ip()).collect()))
    }
}

impl Resolver {
    /// One that asks somebody else than the machine.
    pub(super) fn asking(
        names: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            names: Arc::new(names),
            under_way: Arc::default(),
            threads: Arc::new(Semaphore::new(LOOKUPS_MAX)),
        }
    }

    /// All addresses of a host. A literal of whatever spelling is its own address.
    pub(super) async fn addresses(&self, host: &str) -> io::Result<Arc<[IpAddr]>> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok([address].into());
        }
        let found = self.lookup(host).await;
        found.map_err(|error| io::Error::new(error.kind(), error.to_string()))
    }

    fn lookup(&self, host: &str) -> Lookup {
        let mut under_way = self.under_way.lock();
        if let Some(lookup) = under_way.get(host) {
            return lookup.clone();
        }
        // A task of its own: it ends, and is forgotten, whoever gives up waiting for it.
        let task = tokio::spawn({
            let (names, threads) = (Arc::clone(&self.names), Arc::clone(&self.threads));
            let under_way = Arc::clone(&self.under_way);
            let host = host.to_owned();
            async move {
                let found = look_up(names, threads, host.clone())
                    .await
                    .map_err(Arc::new);
                under_way.lock().remove(&host);
                found
            }
        });
        let ended = task.map(|joined| {
            joined.unwrap_or_else(|error| Err(Arc::new(io::Error::other(error.to_string()))))
        });
        let lookup = ended.boxed().shared();
        under_way.insert(host.to_owned(), lookup.clone());
        lookup
    }
}

async fn look_up(
    names: Arc<NameService>,
    threads: Arc<Semaphore>,
    host: String,
) -> io::Result<Arc<[IpAddr]>> {
    let permit = threads.acquire_owned().await.map_err(io::Error::other)?;
    let found = tokio::task::spawn_blocking(move || {
        let found = names(&host);
        drop(permit);
        found
    });
    let mut addresses: Vec<IpAddr> = Vec::new();
    for found in found.await.map_err(io::Error::other)?? {
        if !addresses.contains(&found) {
            addresses.push(found);
        }
        if addresses.len() > ADDRESSES_MAX {
            return Err(io::Error::other("the host has too many addresses"));
        }
    }
    Ok(addresses.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn odd_spellings_are_looked_up_as_what_they_are() {
        let resolver = Resolver::default();
        for host in [
            "127.0.0.1",
            "2130706433",
            "127.1",
            "0x7f000001",
            "017700000001",
        ] {
            let found = resolver.addresses(host).await.unwrap();
            assert_eq!(&*found, ["127.0.0.1".parse::<IpAddr>().unwrap()], "{host}");
        }
    }

    #[tokio::test]
    async fn those_who_wait_for_one_host_share_a_lookup() {
        let resolver = Resolver::default();
        let first = resolver.lookup("localhost");
        let second = resolver.lookup("localhost");
        assert!(first.ptr_eq(&second));
        assert!(first.await.is_ok());
        assert!(resolver.under_way.lock().is_empty());
    }
}
