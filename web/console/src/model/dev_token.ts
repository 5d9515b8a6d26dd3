/**
 * Sign-in by name alone, which only a server started with --dev allows. In an app of yours, your own
 * backend asks OpenMIMC for the token, after it has checked who the user is.
 */

export type SignInError = "notDev" | "badName" | "unreachable" | { refused: string };

/** The answer of POST /dev/token, as the SDK wants it; throws a `SignInError`. */
export async function devToken(
  account: string,
): Promise<{ code: number; data: { appId: string; token: string } }> {
  const response = await ask(account);
  if (response.status === 404) {
    throw "notDev" satisfies SignInError;
  }
  const envelope = await response
    .json()
    .catch(() => ({ code: response.status, message: response.statusText }));
  if (envelope.code === 400) {
    throw "badName" satisfies SignInError;
  }
  if (envelope.code !== 200) {
    throw { refused: String(envelope.message) } satisfies SignInError;
  }
  return envelope;
}

async function ask(account: string): Promise<Response> {
  try {
    return await fetch("/dev/token", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ account }),
    });
  } catch {
    throw "unreachable" satisfies SignInError;
  }
}
