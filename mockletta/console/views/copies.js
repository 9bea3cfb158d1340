// A request as curl, as a call of the SDKs, as a script rule, as an expectation of a test.

const SECRET = new Set(["host", "content-length", "connection", "accept-encoding", "user-agent", "authorization"]);
const quoted = (value) => JSON.stringify(value);
const shell = (value) => `'${String(value).replaceAll("'", "'\\''")}'`;

function python(value, depth = 0) {
  const pad = "    ".repeat(depth + 1), end = "    ".repeat(depth);
  if (value === null) return "None";
  if (value === true) return "True";
  if (value === false) return "False";
  if (Array.isArray(value)) {
    return value.length ? `[\n${value.map((one) => `${pad}${python(one, depth + 1)},\n`).join("")}${end}]` : "[]";
  }
  if (typeof value === "object") {
    const rows = Object.entries(value).map(([key, one]) => `${pad}${quoted(key)}: ${python(one, depth + 1)},\n`);
    return rows.length ? `{\n${rows.join("")}${end}}` : "{}";
  }
  return quoted(value);
}

function fields(entry) {
  const body = entry.body && typeof entry.body === "object" && !Array.isArray(entry.body) ? entry.body : {};
  const ids = Object.entries(entry.params);
  const [own] = ids.slice(-1);
  return { positional: own ? own[1] : null, named: { ...Object.fromEntries(ids.slice(0, -1)), ...entry.query, ...body } };
}

export function asCurl(entry) {
  const parts = [`curl -X ${entry.method} ${shell(`${location.origin}${entry.path}${search(entry.query)}`)}`];
  for (const [name, value] of Object.entries(entry.headers)) {
    if (!SECRET.has(name) && !name.startsWith("x-stainless")) parts.push(`-H ${shell(`${name}: ${value}`)}`);
  }
  if (entry.body !== null && entry.body !== undefined) {
    parts.push(`-d ${shell(typeof entry.body === "string" ? entry.body : JSON.stringify(entry.body))}`);
  }
  return parts.join(" \\\n  ");
}

function search(query) {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
}

export function asPython(entry) {
  if (!entry.operation) return "# no method of the SDK sends this request";
  const { positional, named } = fields(entry);
  const rows = Object.entries(named).map(([key, value]) => `    ${key}=${python(value, 1)},\n`);
  const first = positional === null ? "" : `    ${quoted(positional)},\n`;
  return `client.${entry.operation}(${first || rows.length ? `\n${first}${rows.join("")}` : ""})`;
}

const camel = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

export function asTypeScript(entry) {
  if (!entry.operation) return "// no method of the SDK sends this request";
  const { positional, named } = fields(entry);
  const call = entry.operation.split(".").map(camel).join(".");
  const given = [positional === null ? null : quoted(positional), Object.keys(named).length ? JSON.stringify(named, null, 2) : null];
  return `await client.${call}(${given.filter((one) => one !== null).join(", ")});`;
}

function sentText(body) {
  const newest = body?.messages?.at(-1);
  const content = newest?.content ?? body?.input;
  return Array.isArray(content) ? content.map((part) => part.text ?? "").join("\n") : content;
}

function replies(entry) {
  const messages = entry.events.length ? entry.events.map((one) => one.data) : entry.response?.messages ?? [];
  const items = [];
  const add = (key, id, value) => {
    const last = items.at(-1);
    if (last?.id === id && last.key === key) last.value += value;
    else items.push({ key, id, value });
  };
  for (const one of messages) {
    const id = one?.otid ?? one?.id;
    if (one?.message_type === "reasoning_message") add("think", id, one.reasoning);
    if (one?.message_type === "assistant_message" && typeof one.content === "string") add("say", id, one.content);
    if (one?.message_type === "tool_call_message") {
      const last = items.at(-1);
      if (last?.key === "call" && last.id === id) last.value += one.tool_call.arguments ?? "";
      else items.push({ key: "call", id, name: one.tool_call.name, value: one.tool_call.arguments ?? "" });
    }
    if (one?.message_type === "tool_return_message") {
      const called = items.findLast((each) => each.key === "call" && each.returns === undefined);
      if (called) called.returns = one.tool_return;
    }
  }
  return items;
}

export function asRule(entry) {
  const said = sentText(entry.body);
  if (typeof said !== "string") return "# only requests that send a message become a rule";
  const lines = replies(entry).map((one) => {
    if (one.key !== "call") return `      - ${one.key}: ${quoted(one.value)}`;
    const returns = one.returns === undefined ? "" : `, returns: ${quoted(one.returns)}`;
    return `      - {call: ${one.name}, arguments: ${quoted(one.value)}${returns}}`;
  });
  return `replies:\n  - when: {text: {exact: ${quoted(said)}}}\n    reply:\n${lines.join("\n") || '      - say: ""'}`;
}

export function asExpectation(entry) {
  const body = entry.body && typeof entry.body === "object" ? entry.body : {};
  const plain = Object.entries(body).filter(([key, value]) => /^[a-z_]\w*$/i.test(key) && (typeof value !== "object" || value === null));
  const conditions = [...Object.entries(entry.params), ...plain].map(([key, value]) => `, ${key}=${python(value)}`);
  return `mockletta.journal.expect(${quoted(entry.operation ?? entry.path)}, times=1${conditions.join("")})`;
}
