// The script in force, the nearest misses of the last unscripted message, and the planned faults.
import { html, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
import { Act, Badge, Code, Failure, pretty } from "../parts.js";
import { useLoaded } from "../server.js";

const answered = (world) => (kind, data) => data.world === world && kind === "response";

function Rules({ world, control, link }) {
  const [script, error] = useLoaded(() => control.get("/script"), [world], answered(world));
  const [missed] = useLoaded(() => control.get("/journal?limit=500"), [world], answered(world));
  const last = (missed?.entries ?? []).findLast((one) => one.unscripted);
  return html`<h2>Rules</h2><${Failure} error=${error} />
    <div class="table"><table><thead><tr><th class="num">#</th><th>Rule</th><th class="num">Served</th></tr></thead>
      <tbody>${(script?.rules ?? []).map((one, place) => html`<tr key=${place}><td class="num faint">${place + 1}</td>
        <td>${one.label}<details><summary>rule</summary><pre>${pretty(one.rule)}</pre></details></td><td class="num">${one.served}</td></tr>`)}</tbody></table>
      ${script && script.rules.length === 0 && html`<div class="empty">No rules: the default brain replies.</div>`}</div>
    ${script && script.rules.length > 0 && html`<p class="faint small">Where no rule matches: ${script.otherwise}.</p>`}
    ${last && html`<div class="card"><h3>Nearest misses of the last unscripted message</h3><pre>${last.unscripted}</pre>
      <p class="small"><a href=${link("requests", last.number)}>request #${last.number}</a></p></div>`}`;
}

function Editor({ control }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState(null);
  const file = useRef();
  const check = async () => setFound(await control.post("/script/check", { text }));
  const load = async () => {
    const checked = await control.post("/script/check", { text });
    setFound(checked);
    if (checked.problems.every((one) => one.level !== "error")) {
      await control.put("/script/text", { text });
      setFound({ ...checked, loaded: true });
    }
  };
  const pick = async (event) => { const [chosen] = event.target.files; if (chosen) { setText(await chosen.text()); setFound(null); } };
  const go = (line) => {
    const area = document.getElementById("script-text");
    const start = text.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(start, start + (text.split("\n")[line - 1] ?? "").length);
  };
  return html`<h2>Put a script in force</h2><div class="card">
    <label>Script file <input type="file" accept=".yaml,.yml,.json" ref=${file} onChange=${pick} /></label>
    <textarea id="script-text" class="mono" rows="10" aria-label="Script" spellcheck=${false} value=${text} onInput=${(event) => setText(event.target.value)}
      placeholder=${"replies:\n  - when: hello\n    reply: Hi!"}></textarea>
    <div class="row"><${Act} act=${check}>Check<//><${Act} kind="main" act=${load}>Put in force<//></div>
    ${found && html`<div role="status">${found.problems.length === 0 && html`<${Badge} kind="good">${found.loaded ? "in force" : "no problems"}<//>`}
      <ul>${found.problems.map((one) => html`<li><button onClick=${() => go(one.line)}>line ${one.line}</button> <${Badge} kind=${one.level === "error" ? "bad" : "warn"}>${one.level}<//> ${one.message}</li>`)}</ul></div>`}</div>`;
}

function Fault({ fault, control, reload }) {
  const { on, matched, fired, number, ...rest } = fault;
  const drop = async () => { await control.delete(`/faults?number=${number}`); reload(); };
  return html`<tr><td>${[on].flat().join(", ")}</td><td class="mono">${Object.entries(rest).map(([key, value]) => `${key}=${typeof value === "object" ? JSON.stringify(value) : value}`).join(" ")}</td>
    <td class="num">${matched}</td><td class="num">${fired}</td><td><${Act} act=${drop} label=${`Remove the fault on ${on}`}>Remove<//></td></tr>`;
}

function plain(schema) {
  const kinds = [schema, ...(schema.anyOf ?? [])];
  return { number: kinds.some((one) => one.type === "number" || one.type === "integer"), choice: kinds.flatMap((one) => one.enum ?? (one.const === undefined ? [] : [one.const])) };
}

function read(text, schema) {
  const { number, choice } = plain(schema);
  if (choice.includes(true) && text === "true") return true;
  if (number && text !== "" && !Number.isNaN(Number(text))) return Number(text);
  if (/^[[{]/.test(text)) { try { return JSON.parse(text); } catch { /* a text after all */ } }
  return text;
}

function Field({ name, schema, value, set }) {
  const { choice } = plain(schema);
  const shown = choice.length && !plain(schema).number
    ? html`<select aria-label=${name} value=${value} onChange=${(event) => set(event.target.value)}><option value=""></option>${choice.map((one) => html`<option>${String(one)}</option>`)}</select>`
    : html`<input aria-label=${name} list=${choice.length ? `choices-${name}` : undefined} value=${value} onInput=${(event) => set(event.target.value)} />
        ${choice.length > 0 && html`<datalist id=${`choices-${name}`}>${choice.map((one) => html`<option value=${String(one)}></option>`)}</datalist>`}`;
  return html`<dt>${name}</dt><dd>${shown} <span class="faint small">${schema.description ?? ""}</span></dd>`;
}

function NewFault({ control, reload }) {
  const [known] = useLoaded(() => control.get("/faults/kinds"), []);
  const [on, setOn] = useState("");
  const [chosen, setKind] = useState("status");
  const [values, setValues] = useState({});
  if (!known) return null;
  const kind = known.kinds.find((one) => one.kind === chosen) ?? known.kinds[0];
  const add = async () => {
    const given = Object.entries(values).filter(([name, value]) => value !== "" && name in kind.fields);
    const spelled = Object.fromEntries(given.map(([name, value]) => [name, read(value, kind.fields[name])]));
    await control.post("/faults", { on, ...spelled });
    setValues({});
    reload();
  };
  return html`<details class="card"><summary>Add a fault</summary><dl>
    <dt>on</dt><dd><input aria-label="on" list="operations" value=${on} onInput=${(event) => setOn(event.target.value)} placeholder="agents.create or agents.*" />
      <datalist id="operations">${known.operations.map((name) => html`<option value=${name}></option>`)}</datalist></dd>
    <dt>kind</dt><dd><select aria-label="kind" value=${kind.kind} onChange=${(event) => { setKind(event.target.value); setValues({}); }}>${known.kinds.map((one) => html`<option>${one.kind}</option>`)}</select> <span class="faint small">${kind.summary}</span></dd>
    ${Object.entries(kind.fields).map(([name, schema]) => html`<${Field} key=${`${kind.kind}/${name}`} name=${name} schema=${schema} value=${values[name] ?? ""} set=${(value) => setValues({ ...values, [name]: value })} />`)}</dl>
    <${Act} kind="main" act=${add}>Add the fault<//></details>`;
}

export function Script({ world, control, link }) {
  const [found, error, reload] = useLoaded(() => control.get("/faults"), [world], answered(world));
  const clear = async () => { await control.delete("/faults"); reload(); };
  return html`<div class="head"><h1>Script and faults</h1></div>
    <${Rules} ...${{ world, control, link }} /><${Editor} control=${control} />
    <h2>Faults</h2><${Failure} error=${error} />
    <div class="table"><table><thead><tr><th>On</th><th>Fault</th><th class="num">Matched</th><th class="num">Fired</th><th></th></tr></thead>
      <tbody>${(found?.faults ?? []).map((fault) => html`<${Fault} key=${fault.number} ...${{ fault, control, reload }} />`)}</tbody></table>
      ${found?.faults.length === 0 && html`<div class="empty">No faults are planned.</div>`}</div>
    ${found?.faults.length > 0 && html`<p><${Act} act=${clear}>Remove all<//></p>`}
    <${NewFault} control=${control} reload=${reload} />`;
}
