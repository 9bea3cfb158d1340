// The journal as a live table.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { Badge, cut, Failure, Search, seconds, Status, time, useRows } from "../parts.js";
import { useLoaded } from "../server.js";

const HEALTH = new Set(["health", "ready"]);
const CLASSES = { "": () => true, ok: (status) => status < 400, "4xx": (status) => status >= 400 && status < 500,
  "5xx": (status) => status >= 500, open: (status, one) => one.duration === null };

function notes(one) {
  return html`${one.rules.map((rule) => html`<${Badge}>${rule}<//> `)}
    ${one.unscripted && html`<${Badge} kind="warn">no rule matched<//> `}
    ${one.fault && html`<${Badge} kind="bad">${cut(one.fault, 40)}<//> `}
    ${one.quirks.length > 0 && html`<${Badge} kind="warn">${one.quirks.join(", ")}<//> `}
    ${one.left_early && html`<${Badge} kind="warn">left early<//>`}`;
}

export function Requests({ world, control, link, query }) {
  const [text, setText] = useState(query.get("text") ?? "");
  const [operation, setOperation] = useState(query.get("operation") ?? "");
  const [status, setStatus] = useState("");
  const [health, setHealth] = useState(false);
  const [found, error] = useLoaded(() => control.get(`/journal?limit=500${operation ? `&operation=${encodeURIComponent(operation)}` : ""}`), [world, operation],
    (kind, data) => data.world === world && kind !== "frames");
  const words = text.toLowerCase();
  const seen = (one) => (health || !HEALTH.has(one.operation)) && CLASSES[status](one.status ?? 0, one)
    && (!words || JSON.stringify([one.operation, one.path, one.params, one.key, one.body, one.response, one.rules, one.fault]).toLowerCase().includes(words));
  const rows = (found?.entries ?? []).filter(seen).reverse();
  const open = (place) => { location.hash = link("requests", rows[place].number); };
  const on = useRows(rows.length, open);
  return html`<div class="head"><h1>Requests</h1><span class="faint">${found ? rows.length : ""}</span><span class="grow"></span>
      <${Search} value=${text} onInput=${setText} label="Agent, id or text" />
      <input value=${operation} aria-label="Operation" placeholder="operation, agents.*" onChange=${(event) => setOperation(event.target.value)} />
      <select value=${status} aria-label="Status" onChange=${(event) => setStatus(event.target.value)}>
        <option value="">all</option><option value="ok">2xx</option><option>4xx</option><option>5xx</option><option value="open">open</option></select>
      <label class="small"><input type="checkbox" checked=${health} onChange=${(event) => setHealth(event.target.checked)} /> health checks</label></div>
    <${Failure} error=${error} />
    <div class="table"><table><thead><tr><th class="num">#</th><th>Operation</th><th>Status</th><th class="num">Time</th><th class="wide">At</th><th class="wide">Key</th><th>Notes</th></tr></thead>
    <tbody>${rows.map((one, place) => html`<tr key=${one.number} class=${`link ${place === on ? "on" : ""}`} onClick=${() => open(place)}>
      <td class="num faint">${one.number}</td><td><a href=${link("requests", one.number)}>${one.operation ?? `${one.method} ${cut(one.path, 60)}`}</a></td>
      <td><${Status} status=${one.status} /></td><td class="num">${seconds(one.duration)}</td><td class="wide faint">${time(one.at)}</td>
      <td class="wide faint">${one.key ?? ""}</td><td>${notes(one)}</td></tr>`)}</tbody></table>
    ${found && rows.length === 0 && html`<div class="empty">No requests${text || status || operation ? " match" : " yet"}.</div>`}</div>
    ${found?.dropped ? html`<p class="faint small">${found.dropped} older requests are no longer kept.</p>` : null}`;
}
