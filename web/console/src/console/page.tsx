/** The console: the sign-in, or the navigation beside the view that the address names. */

import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { language } from "../look/language";
import { loadApps } from "./apps";
import { Keyboard } from "./keyboard";
import { Navigation } from "./navigation";
import { Outlet } from "./outlet";
import { Failure } from "./part/failure";
import { Loading } from "./part/loaded";
import { Toasts, toastFailure } from "./part/toast";
import { here } from "./router";
import { session } from "./session";
import { SignInPage } from "./sign_in_page";
import { useStart } from "./start";
import { words } from "./words";

effect(() => {
  const title = session.value ? here.value.route?.title[language.value] : undefined;
  document.title = title === undefined ? "OpenMIMC" : `${title} · OpenMIMC`;
});

export function Page() {
  const start = useStart();
  if (start.failure.value !== undefined) {
    return (
      <main class="lone">
        <Failure error={start.failure.value} retry={start.again} />
      </main>
    );
  }
  if (session.value === undefined) {
    return (
      <main class="lone">
        <Loading />
      </main>
    );
  }
  return (
    <>
      {session.value === null ? <SignInPage failedLink={start.failedLink.value} /> : <Frame />}
      <Toasts />
    </>
  );
}

function Frame() {
  useEffect(() => {
    loadApps().catch(toastFailure);
  }, []);
  const skip = () => document.querySelector<HTMLElement>("main h1")?.focus();
  return (
    <div class="console">
      <button type="button" class="skip" onClick={skip}>
        {words.value.skip}
      </button>
      <Navigation />
      <main>
        <Outlet />
      </main>
      <Keyboard />
    </div>
  );
}
