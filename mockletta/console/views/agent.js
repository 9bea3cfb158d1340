// One agent: its memory and the history of it, tools, conversations, compiled system message.
import { html, useState } from "../vendor/htm-preact-3.1.1.js";
import { Act, Badge, Diff, Doing, Failure, moment, pretty, time } from "../parts.js";
import { useLoaded } from "../server.js";

function Cause({ cause, link, agentId }) {
  const parts = [cause.operation ?? cause.kind];
  if (cause.tool) parts.unshift(`tool ${cause.tool}`);
  return html`<span>${parts.join(" in ")}${cause.conversation_id && html` · <a href=${link("agents", cause.agent_id ?? agentId, "conversations", cause.conversation_id)}>${cause.conversation_id}</a>`}
    ${cause.request && html` · <a href=${link("requests", cause.request)}>request #${cause.request}</a>`}</span>`;
}

function History({ block, control, link, agentId }) {
  const [found, error] = useLoaded(() => control.get(`/blocks/${block.id}/history`), [block.id, block.value]);
  return html`<${Failure} error=${error} />
    ${found && found.changes.length === 0 && html`<p class="faint small">Not changed since it was created or since the server started.</p>`}
    ${(found?.changes ?? []).slice().reverse().map((change) => html`<div class="history" key=${change.number}>
      <div class="small faint">${time(change.at)} · <${Cause} cause=${change.cause} link=${link} agentId=${agentId} /></div>
      <${Diff} before=${change.before} after=${change.after} /></div>`)}
    ${found?.dropped ? html`<p class="faint small">${found.dropped} older changes are no longer kept.</p>` : null}`;
}

export function Block({ block, control, link, agentId }) {
  const [text, setText] = useState(null);
  const save = async () => {
    await control.patch(`/v1/blocks/${block.id}`, { value: text });
    setText(null);
  };
  const used = `${(text ?? block.value).length} of ${block.limit} characters`;
  return html`<section class="card" aria-label=${`block ${block.label}`}>
    <div class="row"><h3>${block.label}</h3>${block.read_only && html`<${Badge} kind="idle">read only<//>`}
      <span class="faint small">${used}</span><span style=${{ flex: 1 }}></span>
      ${text === null && html`<button onClick=${() => setText(block.value)} aria-label=${`Edit ${block.label}`}>Edit</button>`}</div>
    ${block.description && html`<p class="faint small">${block.description}</p>`}
    ${text === null ? html`<div class="value mono">${block.value || html`<span class="faint">empty</span>`}</div>`
      : html`<textarea rows="6" aria-label=${`Value of ${block.label}`} value=${text} onInput=${(event) => setText(event.target.value)}></textarea>
        <div class="row"><${Act} kind="main" act=${save}>Save<//><button onClick=${() => setText(null)}>Cancel</button></div>`}
    ${block.shared_with?.length ? html`<p class="small">Shared with ${block.shared_with.map((one, place) => html`${place ? ", " : ""}<a href=${link("agents", one.id)}>${one.name}</a>`)}</p>` : null}
    <details><summary>History${block.changes ? ` (${block.changes})` : ""}</summary><${History} ...${{ block, control, link, agentId }} /></details>
  </section>`;
}

function Conversations({ agent, link, control }) {
  const make = async () => {
    const made = await control.post(`/v1/conversations/?agent_id=${agent.id}`, {});
    location.hash = link("agents", agent.id, "conversations", made.id);
  };
  return html`<h2>Conversations</h2><div class="table"><table><thead><tr><th>Conversation</th><th>Doing</th><th class="num">Messages</th><th class="wide">Updated</th></tr></thead>
    <tbody>${agent.conversations.map((one) => html`<tr key=${one.id}>
      <td><a href=${link("agents", agent.id, "conversations", one.id)}>${one.summary || (one.id === "default" ? "agent-direct messages" : one.id)}</a></td>
      <td><${Doing} doing=${one.doing} /></td><td class="num">${one.messages}</td><td class="wide faint">${moment(one.updated_at)}</td></tr>`)}</tbody></table></div>
    <p><${Act} act=${make}>New conversation<//></p>`;
}

export function Agent({ world, control, link, id }) {
  const [agent, error] = useLoaded(() => control.get(`/agents/${id}`), [world, id],
    (kind, data) => data.world === world && kind !== "frames");
  if (!agent) return html`<h1>${id}</h1><${Failure} error=${error} />`;
  return html`<div class="head"><div><h1>${agent.name}</h1><span class="faint small mono">${agent.id}</span></div><${Doing} doing=${agent.doing} />
      ${agent.tags.map((tag) => html`<span class="tag">${tag}</span>`)}</div>
    <${Failure} error=${error} />
    <dl><dt>Model</dt><dd>${agent.model}</dd><dt>Type</dt><dd>${agent.agent_type}</dd>${agent.description && html`<dt>Description</dt><dd>${agent.description}</dd>`}
      <dt>Created</dt><dd>${moment(agent.created_at)}</dd></dl>
    <${Conversations} ...${{ agent, link, control }} />
    <h2>Memory</h2>${agent.blocks.length === 0 && html`<p class="faint">No memory blocks.</p>`}
    <div class="grid">${agent.blocks.map((block) => html`<${Block} key=${block.id} ...${{ block, control, link, agentId: agent.id }} />`)}</div>
    <h2>Tools</h2>${agent.tools.length === 0 && html`<p class="faint">No tools.</p>`}
    <div class="row">${agent.tools.map((tool) => html`<span class="tag" title=${tool.description ?? ""}>${tool.name}${tool.requires_approval ? " (needs approval)" : ""}</span>`)}</div>
    ${agent.tool_rules.length > 0 && html`<h2>Tool rules</h2><ul>${agent.tool_rules.map((rule) => html`<li><code>${rule.tool_name}</code> ${rule.type.replaceAll("_", " ")} ${rule.children ? pretty(rule.children.join(", ")) : ""}</li>`)}</ul>`}
    <h2>System message</h2><details><summary>${agent.system_message ? `${agent.system_message.length} characters, as compiled` : "not compiled yet"}</summary><pre class="card">${agent.system_message}</pre></details>`;
}
