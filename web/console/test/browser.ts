/** What the models need of a browser, which Node does not have. Pages are tested in a real one. */

import { vi } from "vitest";

vi.stubGlobal("document", { documentElement: { dataset: {} } });
vi.stubGlobal("navigator", { language: "en-GB" });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
