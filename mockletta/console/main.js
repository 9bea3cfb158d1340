// The console: the frame around the views, their addresses and the keys.
import { html, render, useEffect, useRef, useState } from "./vendor/htm-preact-3.1.1.js";
import { Agent } from "./views/agent.js";
import { Agents } from "./views/agents.js";
import { Conversation } from "./views/conversation.js";
import { Request } from "./views/request.js";
import { Requests } from "./views/requests.js";
import { Script } from "./views/script.js";
import { Time } from "./views/time.js";
import { Verdict } from "./views/verdict.js";
import { controlOf, follow, live, token, useLiveState, useLoaded } from "./server.js";

const PAGES = [
  ["agents", "Agents"], ["requests", "Requests"], ["script", "Script and faults"],
  ["time", "Time and worlds"], ["verdict", "Verdict"],
];
const LIVE = { live: "live", connecting: "connecting", offline: "server not reachable", locked: "needs the admin token" };

/** The place an address names: #/WORLD/PAGE/ID/... and what follows a question mark. */
function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [world = "main", page = "agents", ...rest] = path.split("/").filter(Boolean).map(decodeURIComponent);
  return { world, page, rest, query: new URLSearchParams(query) };
}

function usePlace() {
  const [now, setNow] = useState(place);
  useEffect(() => {
    const moved = () => setNow(place());
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
  return now;
}

function View({ at }) {
  const { world, page, rest } = at;
  const control = controlOf(world);
  const link = (...parts) => `#/${[world, ...parts].map(encodeURIComponent).join("/")}`;
  const shared = { world, control, link, query: at.query, key: `${world}/${page}/${rest.join("/")}` };
  if (page === "agents" && rest[1] === "conversations") {
    return html`<${Conversation} ...${shared} agentId=${rest[0]} id=${rest[2]} />`;
  }
  if (page === "agents" && rest[0]) return html`<${Agent} ...${shared} id=${rest[0]} />`;
  if (page === "requests" && rest[0]) return html`<${Request} ...${shared} number=${rest[0]} />`;
  const views = { agents: Agents, requests: Requests, script: Script, time: Time, verdict: Verdict };
  const Found = views[page] ?? Agents;
  return html`<${Found} ...${shared} />`;
}

function Token() {
  const field = useRef();
  const keep = (event) => {
    event.preventDefault();
    token.set(field.current.value);
    location.reload();
  };
  return html`<form class="card" onSubmit=${keep}>
    <h2>The console is open on this machine only</h2>
    <p>From elsewhere it needs the admin token of the server (<code>--admin-token</code>). It is kept in this tab and sent as a header.</p>
    <div class="row"><input type="password" ref=${field} aria-label="Admin token" autocomplete="off" />
    <button class="main">Open</button></div></form>`;
}

function Keys({ shown, close }) {
  const dialog = useRef();
  useEffect(() => { shown ? dialog.current.showModal() : dialog.current.close(); }, [shown]);
  const keys = [["/", "search"], ["j k", "next, previous row"], ["Enter", "open the row"], ["1 – 5", "go to a page"],
    ["Esc", "leave a field, go back"], ["?", "this list"]];
  return html`<dialog ref=${dialog} onClose=${close} aria-label="Keys"><h1>Keys</h1>
    <dl>${keys.map(([key, does]) => html`<dt><kbd>${key}</kbd></dt><dd>${does}</dd>`)}</dl>
    <button onClick=${close}>Close</button></dialog>`;
}

function press(event, at, setHelp) {
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "Escape") {
    if (typing) event.target.blur();
    else if (!document.querySelector("dialog[open]") && at.rest.length) history.back();
    return;
  }
  if (typing || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.key === "/") { event.preventDefault(); document.querySelector(".search")?.focus(); }
  if (event.key === "?") setHelp(true);
  const page = PAGES[Number(event.key) - 1];
  if (page) location.hash = `#/${encodeURIComponent(at.world)}/${page[0]}`;
}

function Worlds({ at }) {
  const [list] = useLoaded(() => controlOf().get("/worlds"), [at.world], (kind) => kind === "request");
  const worlds = list?.worlds ?? [];
  if (worlds.length < 2) return null;
  const go = (event) => { location.hash = `#/${encodeURIComponent(event.target.value)}/${at.page}`; };
  return html`<label class="small">World <select value=${at.world} onChange=${go}>
    ${worlds.map((one) => html`<option value=${one.id}>${one.key === null ? "main" : one.key}</option>`)}
  </select></label>`;
}

function App() {
  const at = usePlace();
  const state = useLiveState();
  const [help, setHelp] = useState(false);
  const newest = useRef();
  newest.current = at;
  useEffect(() => {
    const pressed = (event) => press(event, newest.current, setHelp);
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  const name = PAGES.find(([page]) => page === at.page)?.[1] ?? "Agents";
  useEffect(() => { document.title = `${at.rest[0] ?? name} · mockletta`; }, [name, at.rest[0]]);
  return html`<a class="skip" href="#content" onClick=${(event) => { event.preventDefault(); document.querySelector("main").focus(); }}>Skip to content</a>
    <div class="shell"><div class="side" role="banner">
      <a class="brand" href=${`#/${encodeURIComponent(at.world)}/agents`}><img src="console/icon.svg" alt="" />mockletta</a>
      <nav aria-label="Views">${PAGES.map(([page, title]) => html`
        <a href=${`#/${encodeURIComponent(at.world)}/${page}`} aria-current=${at.page === page ? "page" : undefined}>${title}</a>`)}</nav>
      <div class="below"><${Worlds} at=${at} />
        <div class="live" role="status"><span class=${`dot ${state === "live" ? "on" : state === "offline" ? "off" : ""}`}></span>${LIVE[state]}</div>
        <button onClick=${() => setHelp(true)}>Keys <kbd>?</kbd></button></div>
    </div>
    <main tabindex="-1">${state === "locked" ? html`<${Token} />` : html`<${View} at=${at} />`}</main></div>
    <${Keys} shown=${help} close=${() => setHelp(false)} />`;
}

render(html`<${App} />`, document.getElementById("app"));
follow();
