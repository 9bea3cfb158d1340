// A conversation as a chat, as it streams; and two conversations of one agent side by side.
import { html, useEffect, useRef, useState } from "../vendor/htm-preact-3.1.1.js";
import { Act, Badge, Doing, Failure, pretty, seconds, time } from "../parts.js";
import { useEvents, useLoaded } from "../server.js";
import { Block } from "./agent.js";

const text = (content) => typeof content === "string" ? content
  : Array.isArray(content) ? content.map((part) => part.text ?? `[${part.type}]`).join("\n") : "";

function call(one) {
  return html`<div><strong>${one.name}</strong><pre>${one.arguments}</pre></div>`;
}

function Returned({ message }) {
  const failed = message.status === "error";
  return html`<div>${failed ? html`<${Badge} kind="bad">error<//>` : html`<${Badge} kind="good">returned<//>`} <pre>${message.tool_return}</pre>
    ${message.stdout?.length ? html`<pre class="faint">${message.stdout.join("\n")}</pre>` : null}</div>`;
}

function Approval({ message, answer }) {
  const calls = message.tool_calls ?? (message.tool_call ? [message.tool_call] : []);
  const list = Array.isArray(calls) ? calls : [calls];
  return html`<div><div>Waits for approval</div>${list.map(call)}
    ${answer && html`<div class="row"><${Act} kind="main" act=${() => answer(list, true)}>Approve<//><${Act} act=${() => answer(list, false)}>Deny<//></div>`}</div>`;
}

const SHOWN = {
  user_message: (one) => ["user", "user", html`<div class="value">${one.own_words ?? text(one.content)}</div>
    ${one.own_words !== undefined && html`<details><summary>as the client sent it</summary><pre>${text(one.content)}</pre></details>`}`],
  assistant_message: (one) => ["assistant", "assistant", html`<div class="value">${text(one.content)}</div>`],
  system_message: (one) => ["system", "system", html`<details><summary>system message, ${text(one.content).length} characters</summary><pre>${text(one.content)}</pre></details>`],
  reasoning_message: (one) => ["reasoning", "reasoning", html`<div class="value">${one.reasoning}</div>`],
  hidden_reasoning_message: () => ["reasoning", "reasoning", "hidden reasoning"],
  tool_call_message: (one) => ["tool", "tool call", call(one.tool_call)],
  tool_return_message: (one) => ["tool", `return of ${one.name ?? one.tool_call_id ?? "a tool"}`, html`<${Returned} message=${one} />`],
  approval_response_message: (one) => ["tool", "approval", html`<div>${(one.approvals ?? [one]).map((each) => html`<div>${each.approve === false ? "denied" : each.tool_return !== undefined ? `returned: ${pretty(each.tool_return)}` : "approved"} ${each.reason ?? ""}</div>`)}</div>`],
  summary_message: (one) => ["summary", "summary", html`<div class="value">${one.summary}</div>`],
  event_message: (one) => ["summary", "event", html`<pre>${pretty(one.event_data)}</pre>`],
  error_message: (one) => ["failed", "error", html`<div class="value">${one.message} ${one.detail ?? ""}</div>`],
};

function Bubble({ message, inContext = true, growing = false, answer }) {
  const kind = message.message_type;
  const shown = kind === "approval_request_message"
    ? ["approval", "approval", html`<${Approval} message=${message} answer=${answer} />`] : SHOWN[kind]?.(message);
  if (!shown) return null;
  const [style, who, body] = shown;
  return html`<div class=${`bubble ${style} ${inContext ? "" : "out"} ${growing ? "growing" : ""}`}>
    <div class="who"><span>${who}</span><span>${inContext ? "" : "not in context · "}${time(message.date)}</span></div>${body}</div>`;
}

function Run({ run }) {
  const usage = run.usage ? `${run.usage.prompt_tokens} + ${run.usage.completion_tokens} tokens` : "";
  const parts = [run.stop_reason ?? run.status, `${run.steps.length} step${run.steps.length === 1 ? "" : "s"}`, usage, run.seconds === null ? "" : seconds(run.seconds)];
  return html`<div class="run"><span title=${run.id}>run ${run.id.slice(4, 12)} · ${parts.filter(Boolean).join(" · ")}</span></div>`;
}

/** What has streamed so far: chunks of one message become one. */
function grown(messages, chunk) {
  const key = (one) => `${one.message_type}/${one.otid ?? one.id}`;
  const last = messages.findLast((one) => key(one) === key(chunk));
  if (!last) return [...messages, chunk];
  const next = { ...last };
  if (chunk.message_type === "reasoning_message") next.reasoning += chunk.reasoning ?? "";
  else if (typeof chunk.content === "string") next.content = text(last.content) + chunk.content;
  else if (chunk.tool_call) {
    next.tool_call = { ...last.tool_call, name: last.tool_call.name ?? chunk.tool_call.name,
      arguments: (last.tool_call.arguments ?? "") + (chunk.tool_call.arguments ?? "") };
  } else return messages;
  return messages.map((one) => one === last ? next : one);
}

/** The streams of a thread that are under way, by request. */
function useGrowing(world, agentId, id, thread) {
  const [streams, setStreams] = useState({});
  const ours = useRef(new Map());
  const over = useRef(new Set());
  useEffect(() => { ours.current.clear(); setStreams({}); }, [world, agentId, id]);
  useEffect(() => {  // the thread has been read again: what is over stands in it
    const numbers = over.current;
    over.current = new Set();
    if (numbers.size) setStreams((before) => Object.fromEntries(Object.entries(before).filter(([number]) => !numbers.has(number))));
  }, [thread]);
  useEvents((kind, data) => {
    if (data.world !== world) return;
    if (kind === "request" && concerns(data, agentId, id)) {
      ours.current.set(data.number, true);
      if (data.said.length) setStreams((before) => ({ ...before, [data.number]: data.said.map(sent) }));
    }
    if (kind === "frames" && (ours.current.has(data.number) || concerns(data, agentId, id))) {
      setStreams((before) => {
        let messages = before[data.number] ?? [];
        for (const frame of data.frames) if (frame?.message_type) messages = grown(messages, frame);
        return { ...before, [data.number]: messages };
      });
    }
    if (kind === "response") {
      ours.current.delete(data.number);
      over.current.add(String(data.number));
    }
  });
  return Object.values(streams).flat().filter((one) => SHOWN[one.message_type]);
}

const sent = ([role, words], place) => ({ message_type: "user_message", otid: `sent-${place}`, content: role === "user" ? words : `${role}: ${words}` });

function concerns(data, agentId, id) {
  return id === "default" ? data.agent_id === agentId && !data.conversation_id : data.conversation_id === id;
}

function useBottom(keys) {
  const end = useRef();
  useEffect(() => {
    const room = document.documentElement;
    if (room.scrollHeight - room.scrollTop - innerHeight < 400) end.current?.scrollIntoView({ block: "end" });
  }, keys);
  return end;
}

function Compose({ send, busy }) {
  const [words, setWords] = useState("");
  const [stream, setStream] = useState(true);
  const act = async () => { if (words.trim()) { const now = words; setWords(""); await send(now, stream); } };
  const key = (event) => { if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); document.activeElement.closest(".compose").querySelector("button").click(); } };
  return html`<div class="compose"><textarea rows="2" aria-label="Message" placeholder="Write to the agent (Enter sends)" value=${words} onInput=${(event) => setWords(event.target.value)} onKeyDown=${key}></textarea>
    <div class="row"><${Act} kind="main" act=${act} disabled=${busy}>Send<//>
      <label class="small"><input type="checkbox" checked=${stream} onChange=${(event) => setStream(event.target.checked)} /> streamed</label></div></div>`;
}

function Thread({ world, control, agentId, id, link, title }) {
  const [thread, error, reload] = useLoaded(() => control.get(`/agents/${agentId}/threads/${id}`), [world, agentId, id],
    (kind, data) => data.world === world && kind !== "frames");
  const growing = useGrowing(world, agentId, id, thread);
  const end = useBottom([thread?.messages.length, growing.length, growing.at(-1)?.content]);
  const path = id === "default" ? `/v1/agents/${agentId}/messages` : `/v1/conversations/${id}/messages`;
  const drain = async (answer) => { for await (const _ of answer.body) { /* the live stream shows it */ } };
  const send = async (words, stream) => {
    const body = { messages: [{ role: "user", content: words }] };
    const streamed = id === "default" ? `${path}/stream` : path;
    if (stream) await drain(await control.raw("POST", streamed, { ...body, streaming: true, stream_tokens: true }));
    else await control.post(path, { ...body, streaming: false });
    reload();
  };
  const answer = async (calls, approve) => {
    const approvals = calls.map((one) => ({ type: "approval", tool_call_id: one.tool_call_id, approve }));
    const streamed = id === "default" ? `${path}/stream` : path;
    await drain(await control.raw("POST", streamed, { messages: [{ type: "approval", approvals }], streaming: true }));
    reload();
  };
  if (!thread) return html`<${Failure} error=${error} />`;
  const pending = thread.messages.at(-1);
  const runs = new Map(thread.runs.map((run) => [run.id, run]));
  return html`<section aria-label=${title}><div class="row"><h2>${title}</h2><${Doing} doing=${thread.doing} /></div>
    <${Failure} error=${error} />
    ${thread.earlier && html`<p class="faint small">Earlier messages are left out: the newest ${thread.messages.length} are shown.</p>`}
    <div class="chat" aria-live="polite">${thread.messages.map((message, place) => {
      const next = thread.messages[place + 1];
      const run = message.run_id !== next?.run_id && runs.get(message.run_id);
      const step = !run && message.step_id !== next?.step_id && runs.get(message.run_id)?.steps.find((one) => one.id === message.step_id);
      return html`<${Bubble} key=${`${message.id}/${message.message_type}/${place}`} message=${message} inContext=${message.in_context}
        answer=${message === pending && thread.doing === "waiting for approval" ? answer : null} />${step && html`<div class="run"><span>step · ${step.prompt_tokens} + ${step.completion_tokens} tokens</span></div>`}${run && html`<${Run} run=${run} />`}`;
    })}
    ${growing.map((message) => html`<${Bubble} message=${message} growing=${message.message_type !== "user_message"} />`)}</div>
    ${thread.messages.length === 0 && growing.length === 0 && html`<p class="empty">No messages yet.</p>`}
    <div ref=${end}></div><${Compose} send=${send} busy=${false} />
    <p class="small"><a href=${`${link("requests")}?text=${encodeURIComponent(id === "default" ? agentId : id)}`}>Requests of this thread</a></p></section>`;
}

export function Conversation({ world, control, link, agentId, id, query }) {
  const [agent, error] = useLoaded(() => control.get(`/agents/${agentId}`), [world, agentId],
    (kind, data) => data.world === world && (kind === "block" || kind === "response"));
  const other = query.get("beside");
  const name = (one) => one === "default" ? "agent-direct messages" : agent?.conversations.find((each) => each.id === one)?.summary || one;
  const choose = (event) => {
    const chosen = event.target.value;
    location.hash = link("agents", agentId, "conversations", id) + (chosen ? `?beside=${encodeURIComponent(chosen)}` : "");
  };
  const shared = { world, control, link, agentId };
  const memory = html`<aside aria-label="Memory"><h2>Shared memory</h2>${(agent?.blocks ?? []).map((block) => html`<${Block} key=${block.id} block=${block} ...${{ control, link, agentId }} />`)}</aside>`;
  return html`<div class="head"><div><h1>${agent ? html`<a href=${link("agents", agentId)}>${agent.name}</a>` : agentId}</h1>
      <span class="faint small mono">${id}</span></div><span class="grow"></span>
      <label class="small">Beside <select value=${other ?? ""} onChange=${choose}><option value="">nothing</option>
        ${(agent?.conversations ?? []).filter((one) => one.id !== id).map((one) => html`<option value=${one.id}>${name(one.id)}</option>`)}</select></label></div>
    <${Failure} error=${error} />
    ${other ? html`<div class="beside"><${Thread} key=${id} ...${shared} id=${id} title=${name(id)} />${memory}<${Thread} key=${other} ...${shared} id=${other} title=${name(other)} /></div>`
      : html`<${Thread} key=${id} ...${shared} id=${id} title=${name(id)} />`}`;
}
