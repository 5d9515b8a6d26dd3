//! `mimc console`: a link that signs in to the console, once.

use serde_json::json;

use crate::failure::say;
use crate::operator::Operator;
use crate::output::Output;

pub(crate) async fn run(operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
    let admin = operator.admin()?;
    let code = admin.signin_code().await?;
    let server = admin.rest().server().trim_end_matches('/');
    // In the fragment, which no browser sends: it is in no log and no Referer.
    let url = format!("{server}/#/signin/{}", code.signin.expose());
    let shown = json!({"consoleUrl": url, "expiresAt": code.expires_at});
    output.result(&shown, |_| url.clone())?;
    say("the link signs in once, within 15 minutes");
    Ok(())
}
