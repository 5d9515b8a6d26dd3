/** The form that asks for an account name. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SignInError } from "../model/dev_token";
import { words } from "./words";

interface Props {
  place: string;
  /** Who was signed in here before the page was loaded again. */
  remembered: string | null;
  enter: (name: string) => Promise<void>;
}

export function SignIn({ place, remembered, enter }: Props) {
  const name = useSignal(remembered ?? "");
  const isBusy = useSignal(false);
  const error = useSignal<SignInError | undefined>(undefined);
  const say = words.value;

  const submit = async () => {
    isBusy.value = true;
    error.value = undefined;
    try {
      await enter(name.value.trim());
    } catch (reason) {
      error.value = reason as SignInError;
      isBusy.value = false;
    }
  };
  useEffect(() => {
    if (remembered !== null) {
      submit();
    }
  }, []);

  return (
    <section class="pane" aria-label={say.signIn}>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <img src="/chat/icon.svg" alt="" width="56" height="56" />
        <h2>{say.signIn}</h2>
        <p class="hint">{say.welcome}</p>
        <label for={`account-${place}`}>{say.account}</label>
        <input
          id={`account-${place}`}
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
          aria-describedby={`hint-${place}`}
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
        />
        <p id={`hint-${place}`} class="hint">
          {say.signInHint}
        </p>
        <div role="alert">
          {error.value !== undefined && <p class="error">{explain(error.value)}</p>}
        </div>
        <button type="submit" class="primary" disabled={isBusy.value}>
          {isBusy.value ? say.signingIn : say.signIn}
        </button>
      </form>
    </section>
  );
}

function explain(error: SignInError): string {
  const say = words.value;
  if (typeof error === "string" && error in say) {
    return say[error];
  }
  return say.refused(
    typeof error === "object" && "refused" in error ? error.refused : String(error),
  );
}
