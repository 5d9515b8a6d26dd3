/** The global build: what a page's script tag brings. */

import { MIMCUser } from "./user.js";

Object.assign(globalThis, { MIMCUser });
