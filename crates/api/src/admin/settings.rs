//! PATCH /apps/{app}: changes the settings that are named; all of them, or none when one is bad.

use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use chat::port::DeliveryKind;
use http::StatusCode;
use model::AppSettings;
use model::limits::{ACCOUNT_TTL_S, PAYLOAD_BYTES, RETENTION_DAYS, TOPIC_MEMBERS};

use crate::admin::access::Role;
use crate::admin::callback_url;
use crate::admin::error::AdminError;
use crate::admin::found::{Body, FoundApp};
use crate::admin::view::AppView;
use crate::fields::Fields;
use crate::json;
use crate::refusal::BadParameter;
use crate::state::{Api, CheckUrl};

/// One named setting with its new value.
enum Change {
    InstantCallback(Option<String>),
    OfflineCallback(Option<String>),
    AccountTtl(u32),
    TopicMembers(u32),
    MaxPayload(u32),
    RetentionDays(u32),
}

pub(crate) async fn change(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    Body(fields): Body,
) -> Result<Response, AdminError> {
    let changes = changes(&fields, &api.check_url)?;
    let mut before = app.settings.callbacks();
    let change = |settings: &mut AppSettings| {
        before = settings.callbacks();
        for change in changes {
            change.apply(settings);
        }
    };
    let app = api.chat.apps.change_settings(app.id, change).await?;
    let app = app.ok_or(AdminError::NotFound("app"))?;
    let after = app.settings.callbacks();
    if before.instant && !after.instant {
        api.webhook
            .url_cleared(app.id, DeliveryKind::Instant)
            .await?;
    }
    if before.offline && !after.offline {
        api.webhook
            .url_cleared(app.id, DeliveryKind::Offline)
            .await?;
    }
    Ok(json::response(
        StatusCode::OK,
        &AppView::new(&app, Role::Admin),
    ))
}

fn changes(fields: &Fields, check_url: &CheckUrl) -> Result<Vec<Change>, AdminError> {
    let read = |field: &str| {
        let json = fields.raw(field).unwrap_or("null");
        Change::read(field, json, check_url)
    };
    fields.names().map(read).collect()
}

impl Change {
    fn read(field: &str, json: &str, check_url: &CheckUrl) -> Result<Self, AdminError> {
        let url = || callback_url::read(field, json, check_url);
        let number = |range| number(field, json, range);
        Ok(match field {
            "instantCallback" => Self::InstantCallback(url()?),
            "offlineCallback" => Self::OfflineCallback(url()?),
            "accountTtl" => Self::AccountTtl(number(ACCOUNT_TTL_S)?),
            "topicMembers" => Self::TopicMembers(number(TOPIC_MEMBERS)?),
            "maxPayload" => Self::MaxPayload(number(PAYLOAD_BYTES)?),
            "retentionDays" => Self::RetentionDays(number(RETENTION_DAYS)?),
            _ => return Err(bad(field, "is not known").into()),
        })
    }

    fn apply(self, settings: &mut AppSettings) {
        match self {
            Self::InstantCallback(url) => settings.instant_callback = url,
            Self::OfflineCallback(url) => settings.offline_callback = url,
            Self::AccountTtl(seconds) => settings.account_ttl_s = seconds,
            Self::TopicMembers(count) => settings.topic_members_max = count,
            Self::MaxPayload(bytes) => settings.payload_bytes_max = bytes,
            Self::RetentionDays(days) => settings.retention_days = days,
        }
    }
}

/// A JSON integer; one that no `u32` holds is out of any range.
fn number(field: &str, json: &str, range: RangeInclusive<u32>) -> Result<u32, AdminError> {
    let digits = json.strip_prefix('-').unwrap_or(json);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(bad(field, "must be an integer").into());
    }
    let value = json.parse().ok().filter(|value| range.contains(value));
    value.ok_or_else(|| {
        let why = format!("must be from {} to {}", range.start(), range.end());
        AdminError::OutOfRange(BadParameter::new(field.to_owned(), why))
    })
}

fn bad(field: &str, why: &'static str) -> BadParameter {
    BadParameter::new(field.to_owned(), why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(mut settings: AppSettings, json: &str) -> Result<AppSettings, AdminError> {
        let any_url: CheckUrl = Arc::new(|_| Ok(()));
        let fields = Fields::parse(json.as_bytes()).unwrap();
        for change in changes(&fields, &any_url)? {
            change.apply(&mut settings);
        }
        Ok(settings)
    }

    fn read(json: &str) -> Result<AppSettings, AdminError> {
        changed(AppSettings::default(), json)
    }

    #[test]
    fn what_is_named_changes_and_all_else_stays() {
        let settings = read(r#"{"maxPayload":61440,"instantCallback":"https://x.example/i"}"#);
        let expected = AppSettings {
            payload_bytes_max: 61_440,
            instant_callback: Some("https://x.example/i".into()),
            ..AppSettings::default()
        };
        assert_eq!(settings, Ok(expected));
        assert_eq!(read("{}"), Ok(AppSettings::default()));
    }

    #[test]
    fn an_empty_url_or_null_clears() {
        let before = AppSettings {
            instant_callback: Some("https://x.example".into()),
            offline_callback: Some("https://x.example".into()),
            ..AppSettings::default()
        };
        let json = r#"{"instantCallback":"","offlineCallback":null}"#;
        assert_eq!(changed(before, json), Ok(AppSettings::default()));
    }

    #[test]
    fn outside_the_limits_and_no_integer_are_different_errors() {
        for value in ["0", "-1", "-0", "61441", "99999999999999999999"] {
            let error = read(&format!(r#"{{"maxPayload":{value}}}"#)).unwrap_err();
            assert!(matches!(error, AdminError::OutOfRange(bad) if bad.field == "maxPayload"));
        }
        for value in ["1.5", "1e3", "\"5\"", "true", "[]", "null"] {
            let error = read(&format!(r#"{{"maxPayload":{value}}}"#)).unwrap_err();
            assert!(
                matches!(error, AdminError::Bad(bad) if bad.field == "maxPayload"),
                "{value}"
            );
        }
        assert!(
            matches!(read(r#"{"x":1}"#).unwrap_err(), AdminError::Bad(bad) if bad.field == "x")
        );
    }
}
