import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { globalSetup: "mockletta/global-setup", include: ["test/**/*.test.ts"] },
});
