/** Asks for the admin token. The address stays, so that one is back where one was. */

import { useSignal } from "@preact/signals";
import { Field } from "../part/field";
import { AdminError } from "./admin";
import { sentence } from "./part/failure";
import { Looks } from "./preferences";
import { hasEnded } from "./session";
import { signIn } from "./sign_in";
import { words } from "./words";

export function SignInPage({ failedLink }: { failedLink: boolean }) {
  const token = useSignal("");
  const error = useSignal<unknown>(undefined);
  const isBusy = useSignal(false);
  const say = words.value;

  const submit = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    error.value = undefined;
    try {
      await signIn({ token: token.value.trim() });
    } catch (reason) {
      error.value = reason;
    }
    isBusy.value = false;
  };
  return (
    <main class="lone">
      <form class="sign-in" onSubmit={submit}>
        <img src="/console/icon.svg" alt="" width="48" height="48" />
        <h1>{say.welcome}</h1>
        <p class="hint">{say.welcomeHint}</p>
        {hasEnded.value && (
          <p class="callout" role="status">
            {say.sessionEnded}
          </p>
        )}
        {failedLink && !hasEnded.value && (
          <p class="callout" role="alert">
            {say.usedLink}
          </p>
        )}
        <Field
          label={say.token}
          hint={say.tokenHint}
          text={token}
          type="password"
          autocomplete="current-password"
          error={error.value === undefined ? undefined : why(error.value)}
        />
        <button type="submit" class="primary" disabled={isBusy.value}>
          {isBusy.value ? say.signingIn : say.signIn}
        </button>
        <p class="hint">{say.linkHint}</p>
      </form>
      <Looks />
    </main>
  );
}

function why(error: unknown): string {
  return error instanceof AdminError && error.status === 401
    ? words.value.wrongToken
    : sentence(error);
}
