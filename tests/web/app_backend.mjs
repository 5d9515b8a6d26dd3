// An app's own web server: its page, and the tokens that its page fetches. It alone knows the app's
// secret.

import { createServer } from "node:http";
import { page } from "./original_page.mjs";

/** `pages` are served as they are, by path. */
export async function start(server, pages = {}) {
  const backend = createServer(async (request, response) => {
    const url = new URL(request.url, "http://app");
    const account = url.searchParams.get("account");
    if (url.pathname === "/token") {
      response.setHeader("Content-Type", "application/json");
      response.end(await token(server, account));
    } else if (url.pathname === "/im/token") {
      const [, session] = /session=session-of-(\w+)/.exec(request.headers.cookie ?? "") ?? [];
      response.setHeader("Content-Type", "application/json");
      response.end(await token(server, session));
    } else if (pages[url.pathname] !== undefined) {
      response.setHeader("Content-Type", "text/html;charset=UTF-8");
      response.end(pages[url.pathname]);
    } else if (url.pathname === "/page") {
      response.setHeader("Content-Type", "text/html;charset=UTF-8");
      response.end(page(server.url, account));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => backend.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${backend.address().port}`,
    close: () => backend.close(),
  };
}

async function token(server, appAccount) {
  const { appId, appKey, appSecret } = server.app;
  const answer = await fetch(`${server.url}/api/account/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ appId, appKey, appSecret, appAccount }),
  });
  return answer.text();
}
