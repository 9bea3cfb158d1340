// Makes the calls that standard input lists, and prints the error of each.
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const require = createRequire(join(process.cwd(), "package.json"));
const { Letta, toFile } = require("@letta-ai/letta-client");
const baseURL = process.env.TEST_API_BASE_URL;
const client = new Letta({ apiKey: "any", baseURL, maxRetries: 0, timeout: 20_000 });

async function made(value) {
  if (Array.isArray(value)) {
    // Python's tests name a file by a pair.
    return value.length === 2 && value[1]?.$file !== undefined
      ? made({ ...value[1], name: value[0] })
      : Promise.all(value.map(made));
  }
  if (value === null || typeof value !== "object") return value;
  if (value.$file !== undefined) return toFile(Buffer.from(value.$file, "base64"), value.name);
  return Object.fromEntries(
    await Promise.all(Object.entries(value).map(async ([key, inner]) => [key, await made(inner)])),
  );
}

async function call({ path, args }) {
  const method = path.at(-1);
  const resource = path.slice(0, -1).reduce((found, name) => found[name], client);
  if (resource[method].length > args.length) args.push({});
  const answer = await resource[method](...(await made(args)));
  if (answer?.controller && answer[Symbol.asyncIterator]) for await (const _ of answer);
}

const found = {};
for (const one of JSON.parse(await text(process.stdin))) {
  await fetch(`${baseURL}/_mockletta/reset`, { method: "POST" });
  found[one.test] = await call(one).then(
    () => "",
    (error) => String(error.message ?? error),
  );
}
process.stdout.write(JSON.stringify(found));
