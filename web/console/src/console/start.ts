/** How a visit begins: by the one-time link of the address, or the session of an earlier visit. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { AdminError } from "./admin";
import { match, placeOf } from "./route_match";
import { replace } from "./router";
import { resume, signIn } from "./sign_in";

export function useStart() {
  const failure = useSignal<unknown>(undefined);
  /** Whether the link of the address was refused. */
  const failedLink = useSignal(false);

  const begin = async () => {
    failure.value = undefined;
    try {
      const code = takeCode();
      if (code !== undefined && (await enter(code))) {
        failedLink.value = false;
        return;
      }
      failedLink.value = code !== undefined;
      await resume();
    } catch (error) {
      failure.value = error;
    }
  };
  useEffect(() => {
    begin();
    // The link may be opened in a tab that shows the console already.
    const onHash = () => codeOf(location.hash) !== undefined && begin();
    addEventListener("hashchange", onHash);
    return () => removeEventListener("hashchange", onHash);
  }, []);
  return { failure, failedLink, again: begin };
}

/** The code is of use only once, and leaves the address before anything else happens. */
function takeCode(): string | undefined {
  const code = codeOf(location.hash);
  if (code !== undefined) {
    replace("#/");
  }
  return code;
}

function codeOf(hash: string): string | undefined {
  return match("/signin/:code", placeOf(hash).path)?.code;
}

/** Whether the server took the code. */
async function enter(signin: string): Promise<boolean> {
  try {
    await signIn({ signin });
    return true;
  } catch (error) {
    if (error instanceof AdminError && error.status > 0 && error.status < 500) {
      return false;
    }
    throw error;
  }
}
