//! Which server, and by what right.

use std::path::{Path, PathBuf};

use anyhow::Context;
use client::Trust;
use client::admin::Admin;
use client::rest::Rest;

use crate::arguments::Common;
use crate::failure::NotAllowed;

/// Where `serve` keeps its data when nobody says otherwise.
const DATA_DIR: &str = "mimc-data";
/// The file in it that holds the admin token.
const TOKEN_FILE: &str = "admin.token";
const TOKEN_VARIABLE: &str = "MIMC_ADMIN_TOKEN";

/// Somebody at the command line.
#[derive(Debug)]
pub(crate) struct Operator {
    rest: Rest,
    data_dir: Option<PathBuf>,
}

impl Operator {
    pub(crate) fn new(common: &Common) -> anyhow::Result<Self> {
        Ok(Self {
            rest: Rest::trusting(&common.server, trust(common.ca.as_deref())?)?,
            data_dir: common.data_dir.clone(),
        })
    }

    /// What needs no right.
    pub(crate) fn rest(&self) -> &Rest {
        &self.rest
    }

    /// The admin API, by the token of `--data-dir`, of the environment, or of ./mimc-data.
    pub(crate) fn admin(&self) -> anyhow::Result<Admin> {
        Ok(Admin::new(self.rest.clone(), &self.token()?)?)
    }

    fn token(&self) -> anyhow::Result<String> {
        if let Some(dir) = &self.data_dir {
            return read_token(dir);
        }
        if let Ok(token) = std::env::var(TOKEN_VARIABLE) {
            return Ok(token);
        }
        let dir = Path::new(DATA_DIR);
        if dir.is_dir() {
            return read_token(dir);
        }
        let why = format!(
            "no admin token: set {TOKEN_VARIABLE}, or name the server's data directory with \
             --data-dir"
        );
        Err(NotAllowed(why).into())
    }
}

/// The authorities of a file, or the public ones.
fn trust(file: Option<&Path>) -> anyhow::Result<Trust> {
    let Some(file) = file else {
        return Ok(Trust::public());
    };
    let name = || format!("cannot use --ca {}", file.display());
    let pem = std::fs::read(file).with_context(name)?;
    Trust::authorities(&pem).with_context(name)
}

fn read_token(dir: &Path) -> anyhow::Result<String> {
    let file = dir.join(TOKEN_FILE);
    let read = std::fs::read_to_string(&file);
    if let Err(error) = &read
        && error.kind() == std::io::ErrorKind::PermissionDenied
    {
        return Err(NotAllowed(format!("{}: {error}", file.display())).into());
    }
    read.with_context(|| format!("cannot read the admin token {}", file.display()))
}
