import{a as v}from"./chunk-7JAC4RVH.js";import"./chunk-GWWK7DEC.js";import{a as D}from"./chunk-P7XI3G5Y.js";import{a as $}from"./chunk-N3N5FQPW.js";import{a as I}from"./chunk-MBC2IHKJ.js";import{$ as V,K as w,N as e,Q as x,R as H,S as A,X as E,a as d,e as S,h as M,l as f,n as y,o as C}from"./chunk-OLUT56HC.js";function _({label:t,tabs:n,start:s,onChoose:i}){let r=M(),u=S(null),k=f(s),c=Math.max(0,n.findIndex(({name:o})=>o===k.value)),g=(o,h)=>{let a=n[(o+n.length)%n.length];a!==void 0&&(k.value=a.name,i?.(a.name),h&&u.current?.querySelector(`[data-name="${a.name}"]`)?.focus())};return e("div",{class:"tabs",children:[e("div",{ref:u,role:"tablist","aria-label":t,onKeyDown:o=>{let a={ArrowLeft:c-1,ArrowRight:c+1,Home:0,End:n.length-1}[o.key];a!==void 0&&(o.preventDefault(),g(a,!0))},children:n.map(({name:o,title:h},a)=>e("button",{type:"button",role:"tab",id:`${r}-${o}`,"data-name":o,"aria-selected":a===c,"aria-controls":`${r}-panel`,tabIndex:a===c?0:-1,onClick:()=>g(a,!1),children:h},o))}),e("div",{role:"tabpanel",id:`${r}-panel`,"aria-labelledby":`${r}-${n[c]?.name}`,children:n[c]?.panel()})]})}var b="YOUR_APP_SECRET";function K(t){return U(t,"/api/account/token",{appAccount:"alice"})}function P(t){return U(t,"/api/push/p2p/",{fromAccount:"alice",toAccount:"bob",msg:"hello bob"})}function R({appId:t}){return`mimc listen ${t} bob`}function N({appId:t}){return`mimc send ${t} alice bob "hello bob"
mimc chat ${t} alice --to bob`}function L({origin:t}){return`<!doctype html>
<meta charset="utf-8">
<title>First message</title>
<ul id="log"></ul>
<form id="form"><input id="text"> <button>Send to bob</button></form>
<script src="${t}/mimc-min_1_0_0.js"><\/script>
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
<\/script>`}function O({origin:t,appId:n,appKey:s,appSecret:i}){return`use mimc_client::rest::{AppCredentials, Rest};
use mimc_client::token::AppTokens;
use mimc_client::{Client, Event, SendOptions};

let rest = Rest::new(${p(t)})?;
let app = AppCredentials {
    app_id: ${p(n)}.into(),
    app_key: ${p(s)}.into(),
    app_secret: ${p(i??b)}.into(),
};
let tokens = AppTokens { rest: rest.clone(), app, account: "alice".into() };
let (client, mut events) = Client::builder(rest, tokens).resource("desk").start();

let receipt = client.send("bob", "hello bob", SendOptions::default()).await?;
println!("stored as {}", receipt.sequence);

while let Some(event) = events.next().await {
    if let Event::Message(message) = event {
        println!("{}: {:?}", message.from, message.payload);
    }
}`}function j({appId:t}){return`MIMCUser user = MIMCUser.newInstance(${t}L, "alice", "./files");
user.registerTokenFetcher(() -> askYourBackendForTheToken()); // its answer as it is
user.registerOnlineStatusListener((status, type, reason, description) ->
        System.out.println(status + " " + reason));
user.registerMessageHandler(yourMessageHandler); // handleMessage(List<MIMCMessage>) and the like
user.login();
// once the status is ONLINE
user.sendMessage("bob", "hello bob".getBytes(StandardCharsets.UTF_8));`}function F({appId:t}){return`user := mimc.NewUser(${t}, "alice")
user.RegisterTokenDelegate(yourTokens)     // FetchToken asks your backend, and returns its answer as it is
user.RegisterStatusDelegate(yourStatus)
user.RegisterMessageDelegate(yourMessages) // HandleMessage and the like
user.InitAndSetup()
user.Login()
// once the status is online
user.SendMessage("bob", []byte("hello bob"))`}function U({origin:t,appId:n,appKey:s,appSecret:i},r,u){let g=`{
${Object.entries({...{appId:n,appKey:s,appSecret:i??b},...u}).map(([T,o])=>`  ${p(T)}: ${p(o)}`).join(`,
`)}
}`;return`curl -s ${t}${r} -H 'Content-Type: application/json' -d '${G(g)}'`}function p(t){return JSON.stringify(t)}function G(t){return t.replaceAll("'","'\\''")}var J={hint:"From nothing to a first message, with the values of this app.",secret:"appSecret",secretHint:"Fills in the examples. It stays in this page and is sent nowhere.",languages:"Language",tokenTitle:"A token for alice",tokenHint:"Your backend asks for it when alice has signed in to your own app, and hands the answer to her client as it is.",pushTitle:"A message from your backend",pushHint:"Bob gets it on every device, at once or when he comes.",pageTitle:"A page that talks to bob",pageHint:"It fetches its token from your backend at /im/token.",listenTitle:"Bob listens in one terminal",sendTitle:"Alice writes in another",cliHint:"On the machine of the server, in the directory where it was started; elsewhere set MIMC_SERVER and MIMC_ADMIN_TOKEN.",rustTitle:"A client that comes back by itself",rustHint:"A tool or a backend may hold the secret, as here. An app that you give to people must not: it asks your backend for its token.",javaTitle:"MIMC's Java SDK",goTitle:"MIMC's Go SDK",sdkHint:"The SDK stays as it is. It fetches its token from your backend; where it finds this server is said in",movingGuide:"Point each SDK here",next:"Next",samples:"A complete backend in Python or Node",chat:"Try the demo chat",settings:"Set callbacks and limits"},W={hint:"用此应用的值，从零到第一条消息。",secret:"appSecret",secretHint:"用于填充示例。仅保留在此页面中，不会发送到任何地方。",languages:"语言",tokenTitle:"alice 的 Token",tokenHint:"alice 登录你的应用后，由你的后端获取，并将应答原样交给她的客户端。",pushTitle:"从后端发送消息",pushHint:"bob 的每台设备都会收到，立即收到或在上线时收到。",pageTitle:"与 bob 聊天的网页",pageHint:"它从你的后端 /im/token 获取 Token。",listenTitle:"bob 在一个终端中监听",sendTitle:"alice 在另一个终端中发送",cliHint:"在服务器所在机器上、启动服务器的目录中运行；在其他地方请设置 MIMC_SERVER 和 MIMC_ADMIN_TOKEN。",rustTitle:"自动重连的客户端",rustHint:"工具或后端可以像这里一样持有密钥。发给用户的应用则不可以，它应向你的后端获取 Token。",javaTitle:"MIMC 的 Java SDK",goTitle:"MIMC 的 Go SDK",sdkHint:"SDK 保持不变，从你的后端获取 Token；如何让它找到此服务器，见",movingGuide:"让各 SDK 指向此处",next:"下一步",samples:"完整的 Python 或 Node 后端示例",chat:"试用聊天演示",settings:"设置回调与限制"},l=C({en:J,zh:W});function ke({params:{app:t=""}}){let n=$(H`/apps/${t}`);return e(d,{children:[e(A,{hint:l.value.hint}),e(I,{of:n,children:s=>e(Y,{app:s})})]})}function Y({app:t}){let n=f(w(t.appId)??""),s=l.value,i={origin:location.origin,appId:t.appId,appKey:t.appKey,appSecret:n.value.trim()||void 0},r=[{name:"curl",title:"curl",panel:()=>e(Q,{values:i})},{name:"web",title:"Web",panel:()=>e(z,{values:i})},{name:"java",title:"Java",panel:()=>e(q,{title:s.javaTitle,text:j(i)})},{name:"go",title:"Go",panel:()=>e(q,{title:s.goTitle,text:F(i)})},{name:"rust",title:"Rust",panel:()=>e(Z,{values:i})},{name:"cli",title:"mimc",panel:()=>e(X,{values:i})}];return e(d,{children:[e("div",{class:"form section",children:e(D,{label:s.secret,hint:s.secretHint,text:n,type:"password",placeholder:b,isOptional:!0})}),e(_,{label:s.languages,tabs:r,start:E.value.query.get("in")??void 0,onChoose:u=>V({in:u})}),e("section",{class:"section next",children:[e("h2",{children:s.next}),e("ul",{children:[e("li",{children:e("a",{href:`/docs/${y.value}/samples`,children:s.samples})}),e("li",{children:e("a",{href:x`/apps/${t.appId}`,children:s.settings})}),e("li",{children:e("a",{href:"/chat",children:s.chat})})]})]})]})}function m({title:t,hint:n,text:s}){return e("section",{class:"section",children:[e("h2",{children:t}),n&&e("p",{class:"hint",children:n}),e(v,{text:s,label:t})]})}function Q({values:t}){let n=l.value;return e(d,{children:[e(m,{title:n.tokenTitle,hint:n.tokenHint,text:K(t)}),e(m,{title:n.pushTitle,hint:n.pushHint,text:P(t)})]})}function z({values:t}){let n=l.value;return e(m,{title:n.pageTitle,hint:n.pageHint,text:L(t)})}function X({values:t}){let n=l.value;return e(d,{children:[e(m,{title:n.listenTitle,hint:n.cliHint,text:R(t)}),e(m,{title:n.sendTitle,text:N(t)})]})}function Z({values:t}){let n=l.value;return e(m,{title:n.rustTitle,hint:n.rustHint,text:O(t)})}function q({title:t,text:n}){let s=l.value;return e("section",{class:"section",children:[e("h2",{children:t}),e("p",{class:"hint",children:[s.sdkHint," ",e("a",{href:`/docs/${y.value}/moving-from-mimc`,children:s.movingGuide})]}),e(v,{text:n,label:t})]})}export{ke as View};
