//! POST /apps: a new app, or one that moves here with its credentials.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use chat::{Credentials, NewApp};
use http::StatusCode;

use crate::admin::error::AdminError;
use crate::admin::found::Body;
use crate::admin::view::AppView;
use crate::fields::Fields;
use crate::json;
use crate::refusal::BadParameter;
use crate::state::Api;

/// Names, packages, keys and secrets of apps, in bytes.
const TEXT_BYTES_MAX: usize = 256;
const CREDENTIALS: [&str; 3] = ["appId", "appKey", "appSecret"];

pub(crate) async fn create(
    State(api): State<Arc<Api>>,
    Body(fields): Body,
) -> Result<Response, AdminError> {
    let (app, secret) = api.chat.apps.create(new_app(&fields)?).await?;
    Ok(json::response(
        StatusCode::CREATED,
        &AppView::with_secret(&app, &secret),
    ))
}

fn new_app(fields: &Fields) -> Result<NewApp, BadParameter> {
    fields.only(&["name", "package", "appId", "appKey", "appSecret"])?;
    Ok(NewApp {
        name: text(fields, "name")?,
        package: text(fields, "package")?,
        credentials: credentials(fields)?,
    })
}

/// All or none.
fn credentials(fields: &Fields) -> Result<Option<Credentials>, BadParameter> {
    let is_given = |name: &&str| fields.raw(name).is_some_and(|json| json != "null");
    if !CREDENTIALS.iter().any(is_given) {
        return Ok(None);
    }
    Ok(Some(Credentials {
        id: fields.app_id("appId")?,
        key: text(fields, "appKey")?,
        secret: text(fields, "appSecret")?,
    }))
}

fn text(fields: &Fields, field: &'static str) -> Result<String, BadParameter> {
    let text = fields.text(field)?;
    let why = if text.trim().is_empty() {
        "must not be empty"
    } else if text.len() > TEXT_BYTES_MAX {
        "must not be longer than 256 bytes"
    } else if text.chars().any(char::is_control) {
        "must not contain control characters"
    } else {
        return Ok(text);
    };
    Err(BadParameter::new(field, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<NewApp, String> {
        let fields = Fields::parse(json.as_bytes()).unwrap();
        new_app(&fields).map_err(|bad| bad.field.into_owned())
    }

    #[test]
    fn credentials_are_given_all_or_none() {
        let none = read(r#"{"name":"n","package":"p"}"#).unwrap();
        assert!(none.credentials.is_none());
        let all = r#"{"name":"n","package":"p","appId":"5","appKey":"k","appSecret":"s"}"#;
        assert_eq!(read(all).unwrap().credentials.unwrap().id.0, 5);
        for (given, missing) in [
            (r#""appId":5"#, "appKey"),
            (r#""appId":5,"appKey":"k""#, "appSecret"),
            (r#""appKey":"k","appSecret":"s","appId":null"#, "appId"),
        ] {
            let json = format!(r#"{{"name":"n","package":"p",{given}}}"#);
            assert_eq!(read(&json).unwrap_err(), missing);
        }
    }

    #[test]
    fn a_bad_field_is_named() {
        for (json, field) in [
            (r#"{"package":"p"}"#, "name"),
            (r#"{"name":" ","package":"p"}"#, "name"),
            (r#"{"name":"n","package":"a\nb"}"#, "package"),
            (r#"{"name":"n","package":1}"#, "package"),
            (r#"{"name":"n","package":"p","secret":"x"}"#, "secret"),
        ] {
            assert_eq!(read(json).unwrap_err(), field, "{json}");
        }
        let long = "x".repeat(257);
        assert_eq!(
            read(&format!(r#"{{"name":"{long}","package":"p"}}"#)).unwrap_err(),
            "name"
        );
    }
}
