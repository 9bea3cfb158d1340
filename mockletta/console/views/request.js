// One request: headers, bodies, and the frames of a stream on a time axis.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { Badge, Code, Failure, pretty, seconds, Status, time } from "../parts.js";
import { useLoaded } from "../server.js";
import { asCurl, asExpectation, asPython, asRule, asTypeScript } from "./copies.js";

const COPIES = [["curl", asCurl], ["Python", asPython], ["TypeScript", asTypeScript], ["script rule", asRule], ["expectation", asExpectation]];
const TOKENS = new Set(["assistant_message", "reasoning_message", "tool_call_message"]);

function facts(entry) {
  const tokens = entry.events.filter((one) => TOKENS.has(one.data?.message_type));
  if (tokens.length === 0) return [];
  const first = tokens[0].at, span = tokens.at(-1).at - first;
  const gaps = entry.events.slice(1).map((one, place) => one.at - entry.events[place].at);
  const found = [["First token", seconds(first)], ["Frames", entry.events.length], ["Longest gap", seconds(Math.max(0, ...gaps))]];
  if (span > 0.001) found.push(["Tokens per second", ((tokens.length - 1) / span).toFixed(1)]);
  return found;
}

function Axis({ entry }) {
  const end = entry.duration ?? entry.events.at(-1)?.at ?? 0;
  const whole = Math.max(end, 1e-6);
  const broken = entry.left_early || entry.fault;
  return html`<div class="axis" role="img" aria-label=${`${entry.events.length} frames in ${seconds(end)}`}>
    ${entry.events.slice(0, 2000).map((one) => html`<i style=${{ left: `${Math.min(99.7, (one.at / whole) * 100)}%` }} title=${`${seconds(one.at)} ${one.data?.message_type ?? one.event ?? ""}`}></i>`)}
    ${broken && html`<i class="end" style=${{ left: "99.7%" }} title=${entry.fault ?? "the client left"}></i>`}
    <span>0</span><span class="last">${seconds(end)}</span></div>`;
}

function Stream({ entry }) {
  return html`<h2>Frames</h2><${Axis} entry=${entry} />
    <dl>${facts(entry).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
      ${entry.fault && html`<dt>Fault</dt><dd>${entry.fault}</dd>`}${entry.left_early && html`<dt>Ended</dt><dd>the client left early</dd>`}</dl>
    <details><summary>${entry.events.length} frames</summary><div class="table"><table><tbody>${entry.events.map((one, place) => html`<tr>
      <td class="num faint">${place + 1}</td><td class="num">${seconds(one.at)}</td><td><pre>${pretty(one.data)}</pre></td></tr>`)}</tbody></table></div></details>`;
}

function Headers({ headers }) {
  return html`<dl class="mono">${Object.entries(headers).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

export function Request({ world, control, number, link }) {
  const [kind, setKind] = useState("curl");
  const [entry, error] = useLoaded(() => control.get(`/journal/${number}`), [world, number],
    (what, data) => data.world === world && data.number === Number(number));
  if (!entry) return html`<h1>Request #${number}</h1><${Failure} error=${error} />`;
  const copy = COPIES.find(([name]) => name === kind)[1];
  const agent = entry.params.agent_id;
  return html`<div class="head"><h1>${entry.operation ?? `${entry.method} ${entry.path}`}</h1><${Status} status=${entry.status} />
      <span class="faint">${seconds(entry.duration)} · ${time(entry.at)}</span><span class="grow"></span>
      <a href=${link("requests")}>all requests</a></div>
    <p class="mono">${entry.method} ${entry.path}</p>
    ${agent && html`<p><a href=${link("agents", agent)}>${agent}</a></p>`}
    <div class="row">${entry.rules.map((rule) => html`<${Badge}>rule: ${rule}<//>`)}${entry.fault && html`<${Badge} kind="bad">fault: ${entry.fault}<//>`}
      ${entry.quirks.map((quirk) => html`<${Badge} kind="warn">quirk: ${quirk}<//>`)}</div>
    ${entry.unscripted && html`<div class="card"><h3>Why no rule matched</h3><pre>${entry.unscripted}</pre></div>`}
    ${entry.events.length > 0 && html`<${Stream} entry=${entry} />`}
    <h2>Copy as</h2><div class="tabs">${COPIES.map(([name]) => html`<button aria-pressed=${String(kind === name)} onClick=${() => setKind(name)}>${name}</button>`)}</div>
    <${Code} text=${copy(entry)} label=${kind} />
    <h2>Request</h2><details><summary>Headers</summary><${Headers} headers=${entry.headers} /></details>
    ${Object.keys(entry.query).length > 0 && html`<h3>Query</h3><pre class="card">${pretty(entry.query)}</pre>`}
    ${entry.body !== null && html`<pre class="card">${pretty(entry.body)}</pre>`}
    <h2>Response</h2><details><summary>Headers</summary><${Headers} headers=${entry.response_headers} /></details>
    ${entry.events.length === 0 && html`<pre class="card">${pretty(entry.response) || "no body"}</pre>`}`;
}
