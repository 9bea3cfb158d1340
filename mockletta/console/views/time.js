// The clock and pace of a world; all worlds; snapshots, forks and resets.
import { html, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
import { Act, Badge, Failure, moment } from "../parts.js";
import { useLoaded } from "../server.js";

const STEPS = [["1 s", 1], ["1 min", 60], ["1 h", 3600], ["1 day", 86400]];

function Clock({ world, control }) {
  const [clock, error, reload] = useLoaded(() => control.get("/clock"), [world], (kind, data) => data.world === world && kind === "response");
  const [to, setTo] = useState("");
  const order = (body) => async () => { await control.put("/clock", body); reload(); };
  if (!clock) return html`<${Failure} error=${error} />`;
  return html`<section class="card" aria-label="Clock"><div class="row"><h3>Clock</h3><${Badge} kind=${clock.frozen ? "warn" : "good"}>${clock.frozen ? "frozen" : "running"}<//>
      <span class="mono">${moment(clock.now)}</span></div>
    <div class="row">${clock.frozen ? html`<${Act} act=${order({ resume: true })}>Resume<//>` : html`<${Act} act=${order({ freeze: true })}>Freeze<//>`}
      ${STEPS.map(([name, step]) => html`<${Act} act=${order({ advance: step })}>+ ${name}<//>`)}
      <${Act} act=${order({ set: "now" })}>Real time<//></div>
    <div class="row"><input aria-label="Set the clock to" placeholder="2026-01-01T00:00:00Z" value=${to} onInput=${(event) => setTo(event.target.value)} /><${Act} act=${order({ set: to })} disabled=${!to}>Set<//></div></section>`;
}

function Pace({ world, control }) {
  const [pace, error, reload] = useLoaded(() => control.get("/pace"), [world]);
  const [ttft, setTtft] = useState("");
  const [speed, setSpeed] = useState("");
  const set = async () => {
    await control.put("/pace", { ttft: ttft === "" ? null : ttft, tokens_per_second: speed === "" ? null : Number(speed) });
    reload();
  };
  if (!pace) return html`<${Failure} error=${error} />`;
  const now = [pace.ttft ? `first token after ${pace.ttft} s` : null, pace.tokens_per_second ? `${pace.tokens_per_second} tokens per second` : null].filter(Boolean);
  return html`<section class="card" aria-label="Pace"><div class="row"><h3>Pace</h3><span class="faint">${now.join(", ") || "as fast as possible"}</span></div>
    <div class="row"><input aria-label="Time to first token" placeholder="ttft: 500ms" value=${ttft} onInput=${(event) => setTtft(event.target.value)} />
      <input aria-label="Tokens per second" placeholder="tokens per second" value=${speed} onInput=${(event) => setSpeed(event.target.value)} /><${Act} act=${set}>Set<//></div></section>`;
}

function Snapshots({ world, control }) {
  const [list, error, reload] = useLoaded(() => control.get("/snapshots"), [world]);
  const [name, setName] = useState("");
  const file = useRef();
  const keep = async () => { await control.post("/snapshots", { name }); setName(""); reload(); };
  const restore = (one) => async () => { await control.post("/restore", { name: one }); };
  const download = async () => {
    const blob = await (await control.raw("GET", "/snapshot")).blob();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${world}.snapshot`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const upload = async (event) => {
    const [chosen] = event.target.files;
    if (chosen) await control.raw("PUT", "/snapshot", chosen);
    event.target.value = "";
  };
  const [uploaded, setUploaded] = useState(null);
  const take = async (event) => { setUploaded(null); try { await upload(event); } catch (problem) { setUploaded(problem); } };
  return html`<section class="card" aria-label="Snapshots"><h3>Snapshots</h3><${Failure} error=${error} />
    <ul>${(list?.snapshots ?? []).map((one) => html`<li>${one} <${Act} act=${restore(one)} label=${`Restore ${one}`}>Restore<//></li>`)}</ul>
    <div class="row"><input aria-label="Name of the snapshot" placeholder="name" value=${name} onInput=${(event) => setName(event.target.value)} /><${Act} act=${keep} disabled=${!name}>Keep<//></div>
    <div class="row"><${Act} act=${download}>Download<//><label>Upload <input type="file" ref=${file} onChange=${take} /></label>
      <${Act} act=${async () => { await control.post("/reset"); }}>Reset the world<//></div><${Failure} error=${uploaded} /></section>`;
}

function Worlds({ world, control, link }) {
  const [list, error, reload] = useLoaded(() => control.get("/worlds"), [], (kind) => kind !== "frames");
  const [key, setKey] = useState("");
  const fork = async () => { await control.post("/fork", { key }); setKey(""); reload(); };
  return html`<h2>Worlds</h2><${Failure} error=${error} /><div class="table"><table><thead><tr><th>World</th><th>Key</th><th class="num">Agents</th><th class="num">Conversations</th><th class="num">Requests</th></tr></thead>
    <tbody>${(list?.worlds ?? []).map((one) => html`<tr key=${one.id} class=${one.id === world ? "on" : ""}><td><a href=${`#/${encodeURIComponent(one.id)}/agents`}>${one.id}</a></td>
      <td>${one.key ?? ""}</td><td class="num">${one.agents}</td><td class="num">${one.conversations}</td><td class="num">${one.entries}</td></tr>`)}</tbody></table></div>
    <p class="row"><input aria-label="Key of the fork" placeholder="API key of a copy of this world" value=${key} onInput=${(event) => setKey(event.target.value)} /><${Act} act=${fork} disabled=${!key}>Fork<//></p>`;
}

export function Time(props) {
  return html`<div class="head"><h1>Time and worlds</h1></div><div class="grid"><${Clock} ...${props} /><${Pace} ...${props} /><${Snapshots} ...${props} /></div><${Worlds} ...${props} />`;
}
