// What the client did wrong, with the requests that show it.
import { html } from "../vendor/htm-preact-3.1.1.js";
import { Badge, Failure } from "../parts.js";
import { useLoaded } from "../server.js";

export function Verdict({ world, control, link }) {
  const [verdict, error] = useLoaded(() => control.get("/verdict"), [world], (kind, data) => data.world === world && kind === "response");
  const findings = verdict?.findings ?? [];
  const show = (one) => html`<div class="card"><div class="row"><${Badge} kind="bad">${one.name}<//></div><p>${one.sentence ?? one.message}</p>
    <p class="small">${(one.entries ?? []).map((number) => html`<a href=${link("requests", number)}>request #${number}</a> `)}</p></div>`;
  return html`<div class="head"><h1>Verdict</h1>${verdict && html`<${Badge} kind=${findings.length ? "bad" : "good"}>${findings.length ? `${findings.length} finding${findings.length > 1 ? "s" : ""}` : "clean"}<//>`}</div>
    <${Failure} error=${error} />${findings.map(show)}
    ${verdict && findings.length === 0 && html`<p class="empty">The client did nothing wrong with the answers it got.</p>`}
    ${(verdict?.notes ?? []).length > 0 && html`<h2>Notes</h2>${verdict.notes.map(show)}`}`;
}
