//! POST /token/explain: why a token of an account opens nothing, in a sentence. The token itself is
//! in no log and in no answer.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use chat::TokenVerdict;
use http::StatusCode;
use serde_json::json;

use crate::admin::error::AdminError;
use crate::admin::found::Body;
use crate::insight::Words;
use crate::json;
use crate::state::Api;

/// What is wrong, and how that is called.
struct Explained {
    code: &'static str,
    en: &'static str,
    zh: &'static str,
}

/// `{token, app?, account?}`: with an app and an account also whether it is theirs.
pub(crate) async fn explain(
    State(api): State<Arc<Api>>,
    Body(fields): Body,
) -> Result<Response, AdminError> {
    fields.only(&["token", "app", "account"])?;
    let token = fields.text("token")?;
    let app = fields.id_if_present("app")?;
    let account = fields.text_if_present("account")?;

    let found = api.chat.explain_token(token.trim()).await?;
    let owner = found.account.as_deref();
    let is_of_app = app.is_none_or(|id| owner.is_none_or(|owner| owner.app_id.0 == id));
    let is_of_account = account.is_none_or(|name| owner.is_none_or(|owner| *owner.name == *name));
    let explained = match found.verdict {
        TokenVerdict::Malformed => malformed(&token),
        TokenVerdict::Valid if !is_of_app => WRONG_APP,
        TokenVerdict::Valid if !is_of_account => WRONG_ACCOUNT,
        verdict => of(verdict),
    };
    let body = json!({
        "verdict": explained.code,
        "sentence": Words { en: explained.en.into(), zh: explained.zh.into() },
        "appId": owner.map(|owner| owner.app_id.to_string()),
        "account": owner.map(|owner| &*owner.name),
        "uuid": found.uuid.map(|uuid| uuid.to_string()),
        "expiresAt": found.expires_at_ms,
    });
    Ok(json::response(StatusCode::OK, &body))
}

const WRONG_APP: Explained = Explained {
    code: "wrong-app",
    en: "The token is good, but for an account of another app: an app's routes take its own only.",
    zh: "Token 有效，但属于另一个应用的账号：应用的接口只接受本应用的 Token。",
};
const WRONG_ACCOUNT: Explained = Explained {
    code: "wrong-account",
    en: "The token is good, but for another account of the app.",
    zh: "Token 有效，但属于该应用的另一个账号。",
};

fn malformed(text: &str) -> Explained {
    let code = "malformed";
    let text = text.trim();
    if text.starts_with('{') {
        return Explained {
            code,
            en: "This is the whole answer of the token route: the token is the text at data.token.",
            zh: "这是 Token 接口的完整应答：Token 是其中 data.token 的内容。",
        };
    }
    if text.chars().any(char::is_whitespace) || text.contains('"') {
        return Explained {
            code,
            en: "This is no token: there are blanks or quotation marks in it.",
            zh: "这不是 Token：其中含有空白或引号。",
        };
    }
    Explained {
        code,
        en: "This is no token of this server: it was cut off or changed, or comes from another \
             service.",
        zh: "这不是本服务器的 Token：可能被截断或改动，或来自其他服务。",
    }
}

fn of(verdict: TokenVerdict) -> Explained {
    let (code, en, zh) = match verdict {
        TokenVerdict::Valid => (
            "valid",
            "The token is good. If a login fails all the same, the signature is wrong: look at \
             miUserSecurityKey, which must come from the same answer.",
            "Token 有效。若仍无法登录，则是签名错误：检查 miUserSecurityKey 是否取自同一次应答。",
        ),
        TokenVerdict::Malformed => return malformed(""),
        TokenVerdict::Foreign => (
            "unknown",
            "The token has the right form, but this installation has not signed it: it comes from \
             another one, or from before the data directory was made anew.",
            "Token 格式正确，但不是本服务器签发的：它来自另一套部署，或签发于数据目录重建之前。",
        ),
        TokenVerdict::Gone => (
            "gone",
            "The account of the token is no longer there: it was a temporary one whose time is \
             over, or its app was deleted.",
            "Token 所属的账号已不存在：临时账号已到期，或应用已被删除。",
        ),
        TokenVerdict::AppBanned => (
            "banned",
            "The app is banned: no token of it opens anything until the ban is lifted.",
            "应用已被封禁：解封之前，它的任何 Token 都无效。",
        ),
        TokenVerdict::AccountBanned => (
            "banned",
            "The account is banned; lift the ban, then let it fetch a new token.",
            "账号已被封禁：解封后请重新获取 Token。",
        ),
        TokenVerdict::RevokedWithApp => (
            "revoked",
            "The app's secret was changed, or the app was banned, after the token was issued: let \
             the client fetch a new one.",
            "签发之后应用更换过密钥或曾被封禁：请客户端重新获取 Token。",
        ),
        TokenVerdict::RevokedWithAccount => (
            "revoked",
            "The account was banned after the token was issued: let the client fetch a new one.",
            "签发之后该账号曾被封禁：请客户端重新获取 Token。",
        ),
        TokenVerdict::Expired => (
            "expired",
            "The time of the token is over (token.ttl_s): let the client fetch a new one.",
            "Token 已过期（有效期见 token.ttl_s）：请客户端重新获取。",
        ),
    };
    Explained { code, en, zh }
}
