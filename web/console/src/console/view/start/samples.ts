/** Lines to begin with, filled in with the values of an app. They are kept short and whole. */

export interface Values {
  /** Where the server is, as "https://im.example.com". */
  origin: string;
  appId: string;
  appKey: string;
  /** `undefined`: not known here. */
  appSecret: string | undefined;
}

/** Stands for a secret that is not known. */
export const UNKNOWN_SECRET = "YOUR_APP_SECRET";

export function curlToken(values: Values): string {
  return post(values, "/api/account/token", { appAccount: "alice" });
}

export function curlPush(values: Values): string {
  const message = { fromAccount: "alice", toAccount: "bob", msg: "hello bob" };
  return post(values, "/api/push/p2p/", message);
}

export function cliListen({ appId }: Values): string {
  return `mimc listen ${appId} bob`;
}

export function cliSend({ appId }: Values): string {
  return `mimc send ${appId} alice bob "hello bob"\nmimc chat ${appId} alice --to bob`;
}

export function webPage({ origin }: Values): string {
  return `<!doctype html>
<meta charset="utf-8">
<title>First message</title>
<ul id="log"></ul>
<form id="form"><input id="text"> <button>Send to bob</button></form>
<script src="${origin}/mimc-min_1_0_0.js"></script>
<script>
  const log = (line) => {
    const item = document.createElement("li");
    item.textContent = line;
    document.querySelector("#log").append(item);
  };
  const user = new MIMCUser("alice");
  user.registerFetchToken(() => fetch("/im/token", { method: "POST" }).then((answer) => answer.json()));
  user.registerStatusChange((ok, type, reason) => log(ok ? "online" : "not online: " + reason));
  user.registerP2PMsgHandler((m) => log(m.getFromAccount() + ": " + m.getPayload()));
  user.registerDisconnHandler(() => setTimeout(() => user.login(), 3000));
  user.login();
  document.querySelector("#form").onsubmit = (event) => {
    event.preventDefault();
    user.sendMessage("bob", document.querySelector("#text").value);
  };
</script>`;
}

export function rustClient({ origin, appId, appKey, appSecret }: Values): string {
  return `use mimc_client::rest::{AppCredentials, Rest};
use mimc_client::token::AppTokens;
use mimc_client::{Client, Event, SendOptions};

let rest = Rest::new(${quoted(origin)})?;
let app = AppCredentials {
    app_id: ${quoted(appId)}.into(),
    app_key: ${quoted(appKey)}.into(),
    app_secret: ${quoted(appSecret ?? UNKNOWN_SECRET)}.into(),
};
let tokens = AppTokens { rest: rest.clone(), app, account: "alice".into() };
let (client, mut events) = Client::builder(rest, tokens).resource("desk").start();

let receipt = client.send("bob", "hello bob", SendOptions::default()).await?;
println!("stored as {}", receipt.sequence);

while let Some(event) = events.next().await {
    if let Event::Message(message) = event {
        println!("{}: {:?}", message.from, message.payload);
    }
}`;
}

export function javaClient({ appId }: Values): string {
  return `MIMCUser user = MIMCUser.newInstance(${appId}L, "alice", "./files");
user.registerTokenFetcher(() -> askYourBackendForTheToken()); // its answer as it is
user.registerOnlineStatusListener((status, type, reason, description) ->
        System.out.println(status + " " + reason));
user.registerMessageHandler(yourMessageHandler); // handleMessage(List<MIMCMessage>) and the like
user.login();
// once the status is ONLINE
user.sendMessage("bob", "hello bob".getBytes(StandardCharsets.UTF_8));`;
}

export function goClient({ appId }: Values): string {
  return `user := mimc.NewUser(${appId}, "alice")
user.RegisterTokenDelegate(yourTokens)     // FetchToken asks your backend, and returns its answer as it is
user.RegisterStatusDelegate(yourStatus)
user.RegisterMessageDelegate(yourMessages) // HandleMessage and the like
user.InitAndSetup()
user.Login()
// once the status is online
user.SendMessage("bob", []byte("hello bob"))`;
}

/** One request of the app's backend. */
function post({ origin, appId, appKey, appSecret }: Values, path: string, more: object): string {
  const keys = { appId, appKey, appSecret: appSecret ?? UNKNOWN_SECRET };
  const fields = Object.entries({ ...keys, ...more }).map(
    ([name, value]) => `  ${quoted(name)}: ${quoted(value)}`,
  );
  const body = `{\n${fields.join(",\n")}\n}`;
  return `curl -s ${origin}${path} -H 'Content-Type: application/json' -d '${inQuotes(body)}'`;
}

/** A text in double quotes, as JSON, Rust, Java and Go all read it. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Within the single quotes of a shell. */
function inQuotes(text: string): string {
  return text.replaceAll("'", "'\\''");
}
