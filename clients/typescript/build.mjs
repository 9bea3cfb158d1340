/** Compiles the package twice: as ES modules, and as CommonJS. */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const tsc = (...options) =>
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", ...options], {
    stdio: "inherit",
  });

process.chdir(fileURLToPath(new URL(".", import.meta.url)));
rmSync("dist", { recursive: true, force: true });
tsc();
tsc("--outDir", "dist/cjs", "--module", "commonjs", "--moduleResolution", "bundler");
writeFileSync("dist/cjs/package.json", '{ "type": "commonjs" }\n');
chmodSync("dist/esm/cli.js", 0o755);
copyFileSync("../../LICENSE", "LICENSE");
