import { beforeEach, describe, expect, it, vi } from "vitest";
import { AdminError, admin } from "../src/console/admin";
import { began, hasEnded, isAdmin, type Session, session } from "../src/console/session";
import { resume, signIn, signOut } from "../src/console/sign_in";

const SESSION: Session = { role: "admin", csrf: "c1", expiresAt: 9 };

interface Asked {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: unknown;
}

/** What was asked, in order. */
let asked: Asked[];
let answers: Response[];

beforeEach(() => {
  asked = [];
  answers = [];
  session.value = undefined;
  hasEnded.value = false;
  vi.stubGlobal("fetch", async (url: string, request: RequestInit) => {
    asked.push({
      url,
      method: String(request.method),
      headers: request.headers as Record<string, string>,
      body: request.body === undefined ? undefined : JSON.parse(String(request.body)),
    });
    const answer = answers.shift();
    if (answer === undefined) {
      throw new TypeError("Failed to fetch");
    }
    return answer;
  });
});

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status });
}

function refused(status: number, code: string, message: string, field?: string): Response {
  return json(status, { error: { code, message, field } });
}

async function errorOf(promise: Promise<unknown>): Promise<AdminError> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(AdminError);
  return error;
}

describe("requests", () => {
  it("carry the session's token when they change something, and only then", async () => {
    began(SESSION);
    answers = [json(200, {}), json(200, {}), json(200, {}), json(200, {}), json(200, {})];
    await admin.get("/apps");
    await admin.post("/apps", { name: "n" });
    await admin.put("/x");
    await admin.patch("/x", {});
    await admin.delete("/x");
    expect(asked.map(({ method, headers }) => [method, headers["X-Mimc-Csrf"]])).toEqual([
      ["GET", undefined],
      ["POST", "c1"],
      ["PUT", "c1"],
      ["PATCH", "c1"],
      ["DELETE", "c1"],
    ]);
    expect(asked[1]).toMatchObject({ url: "/admin/v1/apps", body: { name: "n" } });
    expect(asked[1]?.headers["Content-Type"]).toBe("application/json");
  });

  it("are answered with nothing by 204", async () => {
    answers = [new Response(null, { status: 204 })];
    expect(await admin.delete("/session")).toBeUndefined();
  });

  it("are repeated once with the token of a session that another tab has begun", async () => {
    began(SESSION);
    answers = [
      refused(403, "csrf", "the token is another session's"),
      json(200, { ...SESSION, csrf: "c2" }),
      json(200, { done: true }),
    ];
    expect(await admin.post("/apps/1/ban")).toEqual({ done: true });
    expect(asked.map(({ url, headers }) => [url, headers["X-Mimc-Csrf"]])).toEqual([
      ["/admin/v1/apps/1/ban", "c1"],
      ["/admin/v1/session", undefined],
      ["/admin/v1/apps/1/ban", "c2"],
    ]);
  });

  it("are not repeated for ever", async () => {
    began(SESSION);
    answers = [refused(403, "csrf", "no"), json(200, SESSION), refused(403, "csrf", "no")];
    expect(await errorOf(admin.post("/x"))).toMatchObject({ status: 403, code: "csrf" });
    expect(asked).toHaveLength(3);
  });
});

describe("refusals", () => {
  it("are said as the server says them, with the field", async () => {
    answers = [refused(400, "invalid", "name: must not be empty", "name")];
    expect(await errorOf(admin.post("/apps"))).toMatchObject({
      status: 400,
      code: "invalid",
      message: "name: must not be empty",
      field: "name",
    });
  });

  it("of a proxy between are named by their status", async () => {
    answers = [new Response("<h1>Bad gateway</h1>", { status: 502 }), json(500, ["no"])];
    expect((await errorOf(admin.get("/x"))).message).toBe("HTTP 502");
    expect((await errorOf(admin.get("/x"))).message).toBe("HTTP 500");
  });

  it("without an answer say that there is none", async () => {
    expect(await errorOf(admin.get("/x"))).toMatchObject({ status: 0, code: "unreachable" });
  });
});

describe("a session", () => {
  it("begins by a token or by the code of a link", async () => {
    answers = [json(200, SESSION), json(200, { ...SESSION, role: "viewer" })];
    await signIn({ token: "t" });
    expect(isAdmin.value).toBe(true);
    await signIn({ signin: "code" });
    expect(isAdmin.value).toBe(false);
    expect(asked.map(({ body }) => body)).toEqual([{ token: "t" }, { signin: "code" }]);
  });

  it("of an earlier visit goes on", async () => {
    answers = [json(200, SESSION)];
    await resume();
    expect(session.value).toEqual(SESSION);
  });

  it("that is not there asks for a sign-in, and does not say that one has ended", async () => {
    answers = [refused(401, "unauthorized", "no")];
    await resume();
    expect(session.value).toBeNull();
    expect(hasEnded.value).toBe(false);
  });

  it("is not taken for ended while the server does not answer", async () => {
    expect(await errorOf(resume())).toMatchObject({ code: "unreachable" });
    expect(session.value).toBeUndefined();
  });

  it("that runs out at any request leads to the sign-in, which says so", async () => {
    began(SESSION);
    answers = [refused(401, "unauthorized", "the session has ended")];
    await errorOf(admin.get("/apps"));
    expect(session.value).toBeNull();
    expect(hasEnded.value).toBe(true);
    answers = [json(200, SESSION)];
    await signIn({ token: "t" });
    expect(hasEnded.value).toBe(false);
  });

  it("ends when one signs out", async () => {
    began(SESSION);
    answers = [new Response(null, { status: 204 })];
    await signOut();
    expect(session.value).toBeNull();
    expect(hasEnded.value).toBe(false);
  });
});
