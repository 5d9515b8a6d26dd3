// As the original's quick start has it; only the script's address is ours.

export const page = (server, account) => `<!doctype html>
<html>
<head><meta charset="utf-8"><title>original</title><script src="${server}/mimc-min_1_0_0.js"></script></head>
<body>
<script>
var state = { isIn: false, texts: [], acked: [], disconnects: 0 };
function fetchMIMCToken() {
  var request = new XMLHttpRequest();
  request.open("GET", "/token?account=" + encodeURIComponent(${JSON.stringify(account)}), false);
  request.send();
  return JSON.parse(request.responseText);
}
function statusChange(bindResult, errType, errReason, errDesc) {
  state.isIn = bindResult;
  state.words = [errType, errReason, errDesc];
}
function serverAck(packetId) { state.acked.push(packetId); }
function receiveP2PMsg(message) { state.texts.push(message.getPayload()); }
function receiveP2TMsg(message) { state.texts.push(message.getTopicId() + " " + message.getPayload()); }
function disconnect() {
  state.isIn = false;
  state.disconnects += 1;
  user.login();
}
var user = new MIMCUser(${JSON.stringify(account)});
user.registerFetchToken(fetchMIMCToken);
user.registerStatusChange(statusChange);
user.registerServerAckHandler(serverAck);
user.registerP2PMsgHandler(receiveP2PMsg);
user.registerGroupMsgHandler(receiveP2TMsg);
user.registerDisconnHandler(disconnect);
user.login();
</script>
</body>
</html>`;
