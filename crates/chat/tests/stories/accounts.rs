//! Accounts that are looked up and made at the same time.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use async_trait::async_trait;
use chat::port::{CreateAppError, Directory, ListAccounts, StoreError};
use chat::{Config, Ports};
use model::{Account, AccountName, App, AppId, Uuid};
use tokio::task::yield_now;

use crate::world::{World, account_name};

/// A directory whose answers take a while, as those of a real one, and the longer the less is asked
/// for.
struct Slow(Arc<dyn Directory>);

macro_rules! but_for_making_accounts {
    ($($call:ident($($name:ident: $type:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl Directory for Slow {
            async fn create_accounts(&self, accounts: Vec<Account>) -> Answer<Vec<Account>> {
                for _ in accounts.len()..10 {
                    yield_now().await;
                }
                self.0.create_accounts(accounts).await
            }

            $(async fn $call(&self, $($name: $type),*) -> $answer {
                self.0.$call($($name),*).await
            })*
        }
    };
}

type Answer<T> = Result<T, StoreError>;

but_for_making_accounts! {
    signing_key() -> Answer<[u8; 32]>;
    apps() -> Answer<Vec<App>>;
    create_app(app: &App) -> Result<(), CreateAppError>;
    save_app(app: &App) -> Answer<()>;
    delete_app(id: AppId) -> Answer<()>;
    account(app_id: AppId, name: &AccountName) -> Answer<Option<Account>>;
    accounts(app_id: AppId, wanted: ListAccounts) -> Answer<Vec<Account>>;
    account_by_uuid(uuid: Uuid) -> Answer<Option<Account>>;
    save_account(account: &Account) -> Answer<()>;
    created_until(app_id: AppId, at_ms: u64, limit: usize) -> Answer<Vec<Account>>;
    delete_account(uuid: Uuid) -> Answer<()>;
}

#[test]
fn making_many_accounts_waits_for_one_that_is_being_made_and_holds_up_no_thread() {
    let (done, is_done) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_time().build().unwrap();
        done.send(runtime.block_on(at_the_same_time())).unwrap();
    });
    let (one, many) = is_done
        .recv_timeout(Duration::from_secs(30))
        .expect("the only thread is not held up");
    assert_eq!(many.len(), 8);
    assert!(many.contains(&one));
}

/// The uuids of an account that is made alone, and of several that it is one of.
async fn at_the_same_time() -> (Uuid, Vec<Uuid>) {
    let slow = |ports: Ports| Ports {
        directory: Arc::new(Slow(ports.directory)),
        ..ports
    };
    let world = World::with(Config::default(), slow).await;
    let names: Vec<_> = (0..8).map(|n| account_name(&format!("a{n}"))).collect();
    let accounts = &world.chat.accounts;
    let app_id = world.app.id;
    let one = accounts.find_or_create(app_id, &names[5]);
    let many = accounts.find_or_create_all(app_id, &names);
    let (one, many) = tokio::join!(one, many);
    let many = many.unwrap().iter().map(|account| account.uuid).collect();
    (one.unwrap().uuid, many)
}
