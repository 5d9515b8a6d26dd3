/** The chat page. Start reading in chat/page.tsx. */

import { render } from "preact";
import { Page } from "./chat/page";
import "./style.css";

render(<Page />, document.getElementById("app") as HTMLElement);
