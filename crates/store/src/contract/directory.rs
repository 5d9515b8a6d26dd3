//! Guarantees of [`Directory`].

#![allow(missing_docs, reason = "the names are the sentences")]

use std::sync::Arc;

use chat::port::{CreateAppError, Directory, ListAccounts};
use model::{Account, AccountName, App, AppId, AppSettings, SecretHash, SecurityKey, Uuid};

use super::sample::{account, app};

type Store = Arc<dyn Directory>;

pub async fn the_signing_key_is_made_once(store: Store) {
    let key = store.signing_key().await.unwrap();
    assert_ne!(key, [0; 32]);
    assert_eq!(store.signing_key().await.unwrap(), key);
}

pub async fn apps_are_listed_the_oldest_first(store: Store) {
    for (id, created_at_ms) in [(5, 20), (u64::MAX, 10), (7, 30)] {
        store.create_app(&app(id, created_at_ms)).await.unwrap();
    }
    let ids: Vec<_> = store
        .apps()
        .await
        .unwrap()
        .iter()
        .map(|app| app.id.0)
        .collect();
    assert_eq!(ids, [u64::MAX, 5, 7]);
}

pub async fn an_app_is_read_as_it_was_saved(store: Store) {
    store.create_app(&app(5, 20)).await.unwrap();
    assert_eq!(store.apps().await.unwrap(), [app(5, 20)]);
    let changed = App {
        key: "k2".to_owned(),
        secret: SecretHash([9; 32]),
        callback_secret: "whsec_y".to_owned(),
        name: "名".to_owned(),
        package: "p".to_owned(),
        is_banned: true,
        token_epoch: u32::MAX,
        ttl_raised_at_ms: 1_700_000_000_001,
        settings: AppSettings {
            instant_callback: Some("http://127.0.0.1/x".to_owned()),
            offline_callback: Some(String::new()),
            account_ttl_s: 1,
            topic_members_max: 2,
            payload_bytes_max: 3,
            retention_days: 4,
        },
        ..app(5, 20)
    };
    store.save_app(&changed).await.unwrap();
    assert_eq!(store.apps().await.unwrap(), [changed]);
}

pub async fn ids_and_keys_of_apps_are_unique(store: Store) {
    store.create_app(&app(5, 20)).await.unwrap();
    let same_key = App {
        key: "key-5".to_owned(),
        ..app(6, 20)
    };
    let same_id = App {
        key: "other".to_owned(),
        ..app(5, 20)
    };
    for taken in [same_key, same_id] {
        let refusal = store.create_app(&taken).await.unwrap_err();
        assert!(matches!(refusal, CreateAppError::Taken), "{refusal}");
    }
    assert_eq!(store.apps().await.unwrap(), [app(5, 20)]);
}

pub async fn an_unknown_app_is_not_saved(store: Store) {
    store.save_app(&app(5, 20)).await.unwrap();
    store.save_account(&account(5, "a", 1)).await.unwrap();
    assert!(store.apps().await.unwrap().is_empty());
    assert_eq!(store.account_by_uuid(Uuid(1)).await.unwrap(), None);
}

pub async fn an_app_goes_with_its_accounts(store: Store) {
    for id in [5, 6] {
        store.create_app(&app(id, 20)).await.unwrap();
        store
            .create_accounts(vec![account(id, "a", id)])
            .await
            .unwrap();
    }
    store.delete_app(AppId(5)).await.unwrap();
    store.delete_app(AppId(7)).await.unwrap();
    assert_eq!(store.apps().await.unwrap(), [app(6, 20)]);
    let name = AccountName::new("a").unwrap();
    assert_eq!(store.account(AppId(5), &name).await.unwrap(), None);
    assert_eq!(store.account_by_uuid(Uuid(5)).await.unwrap(), None);
    assert!(store.account(AppId(6), &name).await.unwrap().is_some());
}

pub async fn an_account_is_found_by_name_and_uuid(store: Store) {
    let known = account(5, "a", (1 << 63) - 1);
    let made = store.create_accounts(vec![known.clone()]).await.unwrap();
    assert_eq!(made, std::slice::from_ref(&known));
    assert_eq!(
        store.account(AppId(5), &known.name).await.unwrap(),
        Some(known.clone())
    );
    assert_eq!(
        store.account_by_uuid(known.uuid).await.unwrap(),
        Some(known.clone())
    );
    assert_eq!(store.account(AppId(6), &known.name).await.unwrap(), None);
    assert_eq!(store.account_by_uuid(Uuid(2)).await.unwrap(), None);
}

pub async fn names_are_compared_byte_for_byte(store: Store) {
    let names = ["a", "A", "á", "a\u{301}", "a ", " a", "小明", "😀"];
    let accounts = (1..).zip(names).map(|(uuid, name)| account(5, name, uuid));
    store.create_accounts(accounts.collect()).await.unwrap();
    for (uuid, name) in (1..).zip(names) {
        let found = store
            .account(AppId(5), &AccountName::new(name).unwrap())
            .await
            .unwrap();
        assert_eq!(found.unwrap().uuid, Uuid(uuid));
    }
}

pub async fn an_existing_account_is_answered_instead(store: Store) {
    let first = store
        .create_accounts(vec![account(5, "a", 1), account(5, "a", 2)])
        .await
        .unwrap();
    assert_eq!(first, [account(5, "a", 1), account(5, "a", 1)]);
    let again = vec![account(5, "b", 3), account(5, "a", 4), account(6, "a", 5)];
    let uuids: Vec<_> = store
        .create_accounts(again)
        .await
        .unwrap()
        .iter()
        .map(|made| made.uuid.0)
        .collect();
    assert_eq!(uuids, [3, 1, 5]);
    assert_eq!(store.account_by_uuid(Uuid(4)).await.unwrap(), None);
    assert!(store.create_accounts(Vec::new()).await.unwrap().is_empty());
}

pub async fn calls_at_the_same_time_agree(store: Store) {
    let calls: Vec<_> = (1..=50)
        .map(|uuid| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let made = store
                    .create_accounts(vec![account(5, "a", uuid)])
                    .await
                    .unwrap();
                let other = account(5, &format!("of {uuid}"), 1000 + uuid);
                store.create_accounts(vec![other.clone()]).await.unwrap();
                assert_eq!(
                    store.account_by_uuid(other.uuid).await.unwrap(),
                    Some(other)
                );
                made[0].uuid
            })
        })
        .collect();
    let mut uuids = Vec::new();
    for call in calls {
        uuids.push(call.await.unwrap());
    }
    uuids.dedup();
    assert_eq!(uuids.len(), 1);
}

pub async fn an_account_is_read_as_it_was_saved(store: Store) {
    store
        .create_accounts(vec![account(5, "a", 1)])
        .await
        .unwrap();
    let changed = Account {
        security_key: SecurityKey([3; 16]),
        is_banned: true,
        token_epoch: u32::MAX,
        ..account(5, "a", 1)
    };
    store.save_account(&changed).await.unwrap();
    assert_eq!(
        store.account_by_uuid(Uuid(1)).await.unwrap(),
        Some(changed.clone())
    );
    assert_eq!(
        store.account(AppId(5), &changed.name).await.unwrap(),
        Some(changed)
    );
}

pub async fn accounts_are_found_by_their_age(store: Store) {
    let made_at = |app_id, uuid: u64, created_at_ms| Account {
        created_at_ms,
        ..account(app_id, &uuid.to_string(), uuid)
    };
    let accounts = [
        made_at(5, 9, 30),
        made_at(5, 8, 20),
        made_at(5, 1, 20),
        made_at(5, 7, 10),
        made_at(6, 6, 10),
    ];
    store.create_accounts(accounts.to_vec()).await.unwrap();
    let until = async |created_at_ms, limit| {
        let found = store.created_until(AppId(5), created_at_ms, limit).await;
        let found = found.unwrap().into_iter();
        found.map(|account| account.uuid.0).collect::<Vec<_>>()
    };
    assert!(until(9, 10).await.is_empty());
    assert_eq!(until(10, 10).await, [7]);
    assert_eq!(until(u64::MAX, 10).await, [7, 1, 8, 9]);
    assert_eq!(until(20, 2).await, [7, 1]);
    let oldest = store.created_until(AppId(6), 10, 1).await.unwrap();
    assert_eq!(oldest, accounts[4..]);
}

pub async fn accounts_are_listed_by_how_their_names_begin(store: Store) {
    let names = [
        "a",
        "ab",
        "aB",
        "abc",
        "b",
        "B",
        "小",
        "小明",
        "尐",
        "a_",
        "a%",
        "\u{10ffff}",
    ];
    let mut accounts: Vec<_> = (1..)
        .zip(names)
        .map(|(uuid, name)| account(5, name, uuid))
        .collect();
    accounts.push(account(6, "ab", 99));
    store.create_accounts(accounts).await.unwrap();
    let list = async |prefix: &str, after: Option<&str>, limit| {
        let wanted = ListAccounts {
            prefix: prefix.into(),
            after: after.map(|name| AccountName::new(name).unwrap()),
            limit,
        };
        let found = store.accounts(AppId(5), wanted).await.unwrap().into_iter();
        found
            .map(|account| account.name.to_string())
            .collect::<Vec<_>>()
    };
    let mut sorted = names;
    sorted.sort_unstable();
    assert_eq!(list("", None, 99).await, sorted);
    assert_eq!(list("ab", None, 99).await, ["ab", "abc"]);
    assert_eq!(list("a", None, 3).await, ["a", "a%", "aB"]);
    assert_eq!(list("a", Some("aB"), 2).await, ["a_", "ab"]);
    assert_eq!(list("a", Some("abc"), 2).await, [""; 0]);
    assert_eq!(list("小", None, 9).await, ["小", "小明"]);
    assert_eq!(list("a%", None, 9).await, ["a%"], "no pattern");
    assert_eq!(list("\u{10ffff}", None, 9).await, ["\u{10ffff}"]);
    assert_eq!(list("b", Some("a"), 9).await, ["b"], "before the beginning");
    assert_eq!(list("a", Some("z"), 9).await, [""; 0], "beyond the end");
    assert_eq!(list("x", None, 9).await, [""; 0]);
    assert_eq!(list("", None, 0).await, [""; 0]);
    store.delete_account(Uuid(2)).await.unwrap();
    assert_eq!(list("ab", None, 99).await, ["abc"]);
}

pub async fn an_account_goes_and_its_name_is_free(store: Store) {
    let both = vec![account(5, "a", 1), account(5, "b", 2)];
    store.create_accounts(both).await.unwrap();
    store.delete_account(Uuid(1)).await.unwrap();
    store.delete_account(Uuid(3)).await.unwrap();
    assert_eq!(store.account_by_uuid(Uuid(1)).await.unwrap(), None);
    let name = AccountName::new("a").unwrap();
    assert_eq!(store.account(AppId(5), &name).await.unwrap(), None);
    assert!(store.account_by_uuid(Uuid(2)).await.unwrap().is_some());
    let again = vec![account(5, "a", 4)];
    assert_eq!(store.create_accounts(again.clone()).await.unwrap(), again);
}
