// The server under test, on free ports and a directory of its own. It can be killed and started again
// on the same ones.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export async function start({ isDev = true } = {}) {
  const directory = await mkdtemp(join(tmpdir(), "mimc-web-"));
  let running = await launch(directory, isDev, "127.0.0.1:0", "127.0.0.1:0");
  const { http, tcp, app } = running.ready;
  return {
    url: `http://${http}`,
    app,
    /** The link that signs in to the console, once for each start. */
    consoleUrl: () => running.ready.consoleUrl,
    adminToken: async () => (await readFile(join(directory, "admin.token"), "utf8")).trim(),
    /** What an operator does with the admin API. */
    async admin(method, path, body) {
      const response = await fetch(`http://${http}/admin/v1${path}`, {
        method,
        headers: { Authorization: `Bearer ${await this.adminToken()}` },
        body: body && JSON.stringify(body),
      });
      const answer = await response.json();
      if (!response.ok) {
        throw new Error(`${path}: ${response.status} ${answer.error.message}`);
      }
      return answer;
    },
    /** As a power cut would. */
    async kill() {
      running.process.kill("SIGKILL");
      await running.ended;
    },
    async restart() {
      running = await launch(directory, isDev, http, tcp);
    },
    async remove() {
      running.process.kill("SIGTERM");
      await running.ended;
      await rm(directory, { recursive: true, force: true });
    },
    /** A message as an app's backend sends it. */
    push: (from, to, text) => pushAs(http, app, from, to, text),
    /** The same of another app. */
    pushAs: (other, from, to, text) => pushAs(http, other, from, to, text),
    pushToGroup: (from, topicId, text) =>
      post(http, "/api/push/p2t/", { ...app, fromAccount: from, topicId, msg: text }),
    /** A group, by its topicId. */
    group: (owner, topicName, members) => groupAs(http, app, owner, topicName, members),
    /** The same of another app. */
    groupAs: (other, owner, topicName, members) =>
      groupAs(http, other, owner, topicName, members),
  };
}

/** A group as an app's backend makes it; gives its topicId. */
async function groupAs(http, { appId, appKey, appSecret }, owner, topicName, members) {
  const headers = { appKey, appSecret, appAccount: owner };
  const body = { topicName, accounts: members.join(",") };
  return (await post(http, `/api/topic/${appId}`, body, headers)).topicInfo.topicId;
}

/** The `data` of a good answer. */
async function post(http, path, body, headers = {}) {
  const response = await fetch(`http://${http}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const { code, message, data } = await response.json();
  if (code !== 200) {
    throw new Error(`${path}: ${code} ${message}`);
  }
  return data;
}

function pushAs(http, { appId, appKey, appSecret }, fromAccount, toAccount, msg) {
  return post(http, "/api/push/p2p/", { appId, appKey, appSecret, fromAccount, toAccount, msg });
}

async function launch(directory, isDev, http, tcp) {
  const flags = ["serve", "--data-dir", directory, "--http", http, "--tcp", tcp];
  const child = spawn(process.env.MIMC_BIN, isDev ? [...flags, "--dev"] : flags, {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const lines = createInterface({ input: child.stdout });
  const ready = await Promise.race([
    new Promise((resolve) => lines.once("line", (line) => resolve(JSON.parse(line)))),
    ended.then(() => Promise.reject(new Error("the server ended before it was ready"))),
  ]);
  return { process: child, ended, ready };
}
