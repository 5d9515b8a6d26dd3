//! Many at once, but not too many.

use std::sync::Arc;

use client::rest::Envelope;
use client::session::Session;
use tokio::task::JoinSet;

use crate::flags::{CONNECTIONS_MAX, check_open_files};
use crate::progress::Progress;
use crate::target::{Target, Transport};

/// Requests or logins under way.
const AT_ONCE: usize = 64;

/// What `make` makes of each item, in their order; the first error ends it.
pub(crate) async fn each<I, T, F>(
    what: &'static str,
    items: Vec<I>,
    make: impl Fn(I) -> F,
) -> anyhow::Result<Vec<T>>
where
    T: Send + 'static,
    F: Future<Output = anyhow::Result<T>> + Send + 'static,
{
    let all = items.len();
    let mut progress = Progress::new(what, all as u64);
    let mut results: Vec<Option<T>> = Vec::new();
    results.resize_with(all, || None);
    let mut items = items.into_iter().enumerate();
    let mut under_way = JoinSet::new();
    let mut done = 0;
    loop {
        while under_way.len() < AT_ONCE
            && let Some((index, item)) = items.next()
        {
            let making = make(item);
            under_way.spawn(async move { (index, making.await) });
        }
        let Some(finished) = under_way.join_next().await else {
            return Ok(results.into_iter().flatten().collect());
        };
        let (index, result) = finished?;
        results[index] = Some(result?);
        done += 1;
        progress.at(done);
    }
}

/// What accounts log in with. Those that are new are made.
pub(crate) async fn envelopes(
    target: &Arc<Target>,
    accounts: impl IntoIterator<Item = String>,
) -> anyhow::Result<Vec<Envelope>> {
    let accounts: Vec<_> = accounts.into_iter().collect();
    each("accounts", accounts, |account| {
        let target = Arc::clone(target);
        async move { target.envelope(&account).await }
    })
    .await
}

/// Logs all of them in.
pub(crate) async fn sessions(
    target: &Arc<Target>,
    envelopes: Vec<Envelope>,
    transport: Transport,
) -> anyhow::Result<Vec<Session>> {
    check_open_files(envelopes.len() as u64)?;
    each("logins", envelopes, |envelope| {
        let target = Arc::clone(target);
        async move { target.session(&envelope, transport).await }
    })
    .await
}

/// Refuses more connections than any run may have.
pub(crate) fn check(connections: u64) -> anyhow::Result<()> {
    anyhow::ensure!(
        connections <= u64::from(CONNECTIONS_MAX),
        "{connections} connections are over the maximum of {CONNECTIONS_MAX}"
    );
    check_open_files(connections)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn results_are_in_the_order_of_the_items() {
        let items: Vec<_> = (0..500_u32).collect();
        let made = each("squares", items, |item| async move { Ok(item * item) }).await;
        let expected: Vec<_> = (0..500).map(|item| item * item).collect();
        assert_eq!(made.unwrap(), expected);
    }

    #[tokio::test]
    async fn the_first_error_ends_it() {
        let made = each("odd ones", vec![2, 4, 5], |item| async move {
            anyhow::ensure!(item % 2 == 0, "{item} is odd");
            Ok(item)
        });
        assert_eq!(made.await.unwrap_err().to_string(), "5 is odd");
    }

    #[test]
    fn too_many_connections_are_refused_before_anything_is_opened() {
        assert!(check(10).is_ok());
        let refused = check(u64::from(CONNECTIONS_MAX) + 1)
            .unwrap_err()
            .to_string();
        assert!(refused.contains("maximum"), "{refused}");
    }
}
