/** The console. Start reading in console/page.tsx. */

import { render } from "preact";
import { Page } from "./console/page";
import "./console.css";

render(<Page />, document.getElementById("app") as HTMLElement);
