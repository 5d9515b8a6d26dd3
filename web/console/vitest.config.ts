import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/browser.ts"],
    pool: "threads",
    testTimeout: 10_000,
  },
});
