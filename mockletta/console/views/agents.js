// All agents of a world, and what each is doing now.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { Badge, Code, Doing, Failure, moment, Search, useRows } from "../parts.js";
import { useLoaded } from "../server.js";

const PYTHON = (url) => `from letta_client import Letta
client = Letta(base_url="${url}", api_key="any")
client.agents.create(name="support", model="openai/gpt-4o-mini")`;
const TYPESCRIPT = (url) => `import { Letta } from "@letta-ai/letta-client";
const client = new Letta({ baseURL: "${url}", apiKey: "any" });
await client.agents.create({ name: "support", model: "openai/gpt-4o-mini" });`;

function Empty() {
  return html`<div class="card"><h2>No agents yet</h2><p>Create the first one, in Python or in TypeScript. It appears here at once.</p>
    <${Code} text=${PYTHON(location.origin)} label="Python" /><br />
    <${Code} text=${TYPESCRIPT(location.origin)} label="TypeScript" /></div>`;
}

export function Agents({ world, control, link }) {
  const [text, setText] = useState("");
  const [doing, setDoing] = useState("");
  const [found, error] = useLoaded(() => control.get("/agents"), [world],
    (kind, data) => data.world === world && kind !== "frames");
  const words = text.toLowerCase();
  const rows = (found?.agents ?? []).filter((one) => (!doing || one.doing === doing)
    && [one.name, one.id, one.model, ...one.tags].join(" ").toLowerCase().includes(words));
  const open = (place) => { location.hash = link("agents", rows[place].id); };
  const on = useRows(rows.length, open);
  return html`<div class="head"><h1>Agents</h1><span class="faint">${found ? found.agents.length : ""}</span><span class="grow"></span>
      <${Search} value=${text} onInput=${setText} label="Search agents" />
      <select value=${doing} aria-label="What they do" onChange=${(event) => setDoing(event.target.value)}>
        <option value="">all</option><option>idle</option><option>streaming</option><option>waiting for approval</option></select></div>
    <${Failure} error=${error} />
    ${found && found.agents.length === 0 ? html`<${Empty} />` : html`<div class="table"><table>
      <thead><tr><th>Name</th><th>Doing</th><th class="wide">Model</th><th class="wide">Tags</th><th class="num">Conversations</th><th class="wide">Last activity</th></tr></thead>
      <tbody>${rows.map((one, place) => html`<tr key=${one.id} class=${`link ${place === on ? "on" : ""}`} onClick=${() => open(place)}>
        <td><a href=${link("agents", one.id)}>${one.name}</a>${one.hidden && html` <${Badge} kind="idle">hidden<//>`}</td>
        <td><${Doing} doing=${one.doing} /></td><td class="wide">${one.model}</td>
        <td class="wide">${one.tags.map((tag) => html`<span class="tag">${tag}</span> `)}</td>
        <td class="num">${one.conversations}</td><td class="wide faint">${moment(one.last_activity)}</td></tr>`)}
      </tbody></table>${found && rows.length === 0 && html`<div class="empty">No agent matches.</div>`}</div>`}`;
}
