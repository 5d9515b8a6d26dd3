import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const source = fileURLToPath(new URL("../src/", import.meta.url));
const guides = fileURLToPath(new URL("../../../docs/guide/", import.meta.url));
/** Those that the server makes by itself. */
const MADE = ["api", "admin-api", "web-sdk-reference"];

it("leads to guides that there are, in the reader's language", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" });
  const links = files
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) =>
      [...readFileSync(source + file, "utf8").matchAll(/\/docs\/([^"`#]+)/g)].map(
        (found) => found[1],
      ),
    );
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) {
    const [language, page = ""] = (link as string).split("/");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it stands in the source as it is
    expect(language, link).toBe("${language.value}");
    expect(MADE.includes(page) || existsSync(`${guides}zh/${page}.md`), link).toBe(true);
  }
});
