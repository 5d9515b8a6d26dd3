/** The chat page. Start reading in chat/page.tsx. */

import { effect } from "@preact/signals";
import { render } from "preact";
import { Page } from "./chat/page";
import { words } from "./chat/words";
import "./style.css";

effect(() => {
  document.title = words.value.title;
});
render(<Page />, document.getElementById("app") as HTMLElement);
