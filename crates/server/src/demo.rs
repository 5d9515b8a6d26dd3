//! The app of `--dev`: made once, its credentials kept beside the data so that they stay the same.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use chat::port::CreateAppError;
use chat::{Chat, Credentials, NewApp, secret};
use model::AppId;
use serde::{Deserialize, Serialize};

use crate::data_dir;

const FILE: &str = "dev-app.json";
const NAME: &str = "demo";
const PACKAGE: &str = "com.example.demo";

/// What a developer needs to use the app.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "these are the names in its JSON")]
pub(crate) struct Demo {
    pub(crate) app_id: String,
    pub(crate) app_key: String,
    pub(crate) app_secret: String,
    pub(crate) app_package: String,
}

impl Demo {
    pub(crate) fn id(&self) -> anyhow::Result<AppId> {
        self.app_id
            .parse()
            .with_context(|| format!("{FILE}: appId"))
    }

    fn new() -> Self {
        Self {
            app_id: secret::app_id().to_string(),
            app_key: secret::app_key(),
            app_secret: secret::app_secret(),
            app_package: PACKAGE.into(),
        }
    }

    fn credentials(&self) -> anyhow::Result<Credentials> {
        let (key, secret) = (self.app_key.clone(), self.app_secret.clone());
        Ok(Credentials {
            id: self.id()?,
            key,
            secret,
        })
    }
}

/// The demo app. The file is written first: a start that is cut short makes the same app later.
pub(crate) async fn ensure(chat: &Arc<Chat>, data_dir: &Path) -> anyhow::Result<Demo> {
    let demo = kept_or_new(&data_dir.join(FILE))?;
    let credentials = demo.credentials()?;
    if chat.apps.get(credentials.id).is_none() {
        create(chat, &demo, credentials).await?;
    } else if chat
        .apps
        .authenticate(credentials.id, &demo.app_key, &demo.app_secret)
        .is_none()
    {
        tracing::warn!("the demo app has another secret than {FILE} says: it was changed since");
    }
    Ok(demo)
}

fn kept_or_new(path: &Path) -> anyhow::Result<Demo> {
    let name = path.display();
    if let Some(text) = data_dir::read(path)? {
        // The parser's words may quote the secret.
        return serde_json::from_str(&text).map_err(|_| {
            anyhow::anyhow!("{name}: is not what was written there; remove it to get a new app")
        });
    }
    let demo = Demo::new();
    let text = serde_json::to_string_pretty(&demo).with_context(|| name.to_string())?;
    data_dir::write(path, &text)?;
    Ok(demo)
}

async fn create(chat: &Chat, demo: &Demo, credentials: Credentials) -> anyhow::Result<()> {
    let new = NewApp {
        name: NAME.into(),
        package: demo.app_package.clone(),
        credentials: Some(credentials),
    };
    match chat.apps.create(new).await {
        Ok(_) => Ok(()),
        Err(CreateAppError::Taken) => {
            anyhow::bail!("{FILE}: another app has this appKey; remove the file to get a new app")
        }
        Err(CreateAppError::Store(error)) => Err(error).context("the demo app was not made"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credentials_stay_the_same() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        let first = kept_or_new(&path).unwrap();
        assert_eq!(kept_or_new(&path).unwrap().app_secret, first.app_secret);
        assert_eq!(first.app_package, "com.example.demo");
    }

    #[test]
    fn a_file_of_garbage_is_an_error_and_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(FILE);
        std::fs::write(&path, "{\"appSecret\": \"hush\"").unwrap();
        let error = kept_or_new(&path).err().unwrap().to_string();
        assert!(error.contains(FILE) && !error.contains("hush"), "{error}");
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "{\"appSecret\": \"hush\""
        );
    }
}
