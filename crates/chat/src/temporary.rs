//! Accounts that end: apps with a lifetime for their accounts.

use std::sync::{Arc, Weak};
use std::time::Duration;

use model::{Account, App};

use crate::mailbox::End;
use crate::{Chat, TopicError};

/// How often ended accounts are looked for: an account ends within 5 s of its time.
const ROUND: Duration = Duration::from_secs(1);
/// Accounts of an app that end in a round; the rest has its turn in the next.
const ACCOUNTS_PER_ROUND: usize = 1_000;

/// Starts looking for ended accounts, for as long as the product lives.
pub(crate) fn start(chat: &Arc<Chat>) {
    let chat = Arc::downgrade(chat);
    tokio::spawn(rounds(chat));
}

async fn rounds(chat: Weak<Chat>) {
    let mut round = tokio::time::interval(ROUND);
    round.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        round.tick().await;
        let Some(chat) = chat.upgrade() else { return };
        for app in chat.apps.list() {
            if app.settings.account_ttl_s > 0
                && let Err(error) = chat.end_accounts(&app).await
            {
                tracing::error!(app = %app.id, %error, "accounts that have expired live on for now");
            }
        }
    }
}

/// When an account ends, in milliseconds since 1970; `None`: never.
pub(crate) fn ends_at_ms(app: &App, account: &Account) -> Option<u64> {
    let ttl_ms = u64::from(app.settings.account_ttl_s) * 1000;
    let since_ms = account.created_at_ms.max(app.ttl_raised_at_ms);
    (ttl_ms > 0).then(|| since_ms.saturating_add(ttl_ms))
}

impl Chat {
    async fn end_accounts(&self, app: &App) -> Result<(), TopicError> {
        let ttl_ms = u64::from(app.settings.account_ttl_s) * 1000;
        let now_ms = self.clock.now_ms();
        if now_ms < app.ttl_raised_at_ms.saturating_add(ttl_ms) {
            return Ok(());
        }
        let created_until = now_ms.saturating_sub(ttl_ms);
        let directory = self.accounts.directory();
        let ended = directory
            .created_until(app.id, created_until, ACCOUNTS_PER_ROUND)
            .await?;
        for account in ended {
            self.end_account(&account).await?;
        }
        Ok(())
    }

    /// The account and all that it had is gone; peers keep what they were sent. Done again from the
    /// start when it was interrupted: the account itself goes last.
    async fn end_account(&self, account: &Account) -> Result<(), TopicError> {
        self.leave_all_topics(account.uuid).await?;
        self.accounts.remove(account).await?;
        // Somebody may have invited it meanwhile.
        self.leave_all_topics(account.uuid).await?;
        self.blacklist.forget(account.uuid);
        self.router.end(account.uuid, None, End::Revoked);
        self.messages.forget(account.uuid);
        self.committer.cursors_moved();
        Ok(())
    }
}
