/** What the models need of a browser, which Node does not have. Pages are tested in a real one. */

import { beforeEach, vi } from "vitest";

class Storage {
  readonly #items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.#items.set(key, value);
  }
}

const url = new URL("https://im.example.com/chat");
vi.stubGlobal("location", { href: url.href, origin: url.origin });
vi.stubGlobal("document", { documentElement: { dataset: {} } });
vi.stubGlobal("navigator", { language: "en-GB" });
vi.stubGlobal("localStorage", new Storage());

beforeEach(() => {
  vi.stubGlobal("localStorage", new Storage());
});
