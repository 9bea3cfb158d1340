// Talks to the server: requests of the control API and of the API, and the live stream of events.
import { useEffect, useRef, useState } from "./vendor/htm-preact-3.1.1.js";

const ROOT = new URL("/_mockletta", location.origin).pathname;
const TOKEN = "mockletta-admin-token";

export class ServerError extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

export const token = {
  get: () => sessionStorage.getItem(TOKEN),
  set: (value) => sessionStorage.setItem(TOKEN, value),
};

function headers(world) {
  const found = {};
  if (world) found["X-Mockletta-World"] = world;
  if (token.get()) found["X-Mockletta-Admin-Token"] = token.get();
  return found;
}

function problem(text, status) {
  try {
    const { detail } = JSON.parse(text);
    if (typeof detail === "string") return detail;
    if (Array.isArray(detail)) return detail.map((one) => `${one.loc.join(".")}: ${one.msg}`).join("\n");
    return JSON.stringify(detail ?? JSON.parse(text));
  } catch {
    return text || `status ${status}`;
  }
}

async function request(world, method, path, body) {
  const raw = typeof body === "string" || body instanceof Blob;
  const type = raw ? "application/x-ndjson" : "application/json";
  const sent = body === undefined ? {} : { body: raw ? body : JSON.stringify(body) };
  const extra = body === undefined ? {} : { "Content-Type": type };
  const answer = await fetch(ROOT + path, {
    method, ...sent, headers: { ...headers(world), ...extra },
  });
  if (!answer.ok) throw new ServerError(answer.status, problem(await answer.text(), answer.status));
  return answer;
}

/** Send a request about a world; `control.get("/clock")` and so on, JSON in and out. */
export function controlOf(world) {
  const json = (method) => async (path, body) => (await request(world, method, path, body)).json();
  return {
    get: json("GET"), post: json("POST"), put: json("PUT"), patch: json("PATCH"), delete: json("DELETE"),
    raw: (method, path, body) => request(world, method, path, body),
  };
}

async function* eventsOf(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const event = { id: null, kind: "message", data: "" };
      for (const line of part.split("\n")) {
        if (line.startsWith("id: ")) event.id = line.slice(4);
        else if (line.startsWith("event: ")) event.kind = line.slice(7);
        else if (line.startsWith("data: ")) event.data += line.slice(6);
      }
      if (event.data) yield event;
    }
  }
}

const listeners = new Set();
const states = new Set();
let last = null;
let boot = null;
export const live = { state: "connecting" };

function tell(state) {
  live.state = state;
  for (const listener of states) listener(state);
}

function hand(kind, data) {
  for (const listener of [...listeners]) listener(kind, data);
}

function take({ id, kind, data }) {
  const value = JSON.parse(data);
  if (kind === "hello") {
    if (boot !== null && boot !== value.server) hand("restarted", value);
    boot = value.server;
  }
  if (id !== null) last = id;
  hand(kind, value);
}

/** Follow the server's events for as long as the page is open. */
export async function follow() {
  for (let pause = 250; ; pause = Math.min(pause * 2, 4000)) {
    try {
      const resume = last === null ? {} : { "Last-Event-ID": last };
      const answer = await fetch(`${ROOT}/events`, { headers: { ...headers(), ...resume } });
      if (answer.status === 403) tell("locked");
      if (answer.ok) {
        tell("live");
        hand("refresh", {});
        pause = 125;
        for await (const event of eventsOf(answer)) take(event);
      }
    } catch { /* the server is gone; it may come back */ }
    if (live.state !== "locked") tell("offline");
    await new Promise((done) => setTimeout(done, pause));
  }
}

/** Call back with each event while a component is shown. */
export function useEvents(listener) {
  const newest = useRef(listener);
  newest.current = listener;
  useEffect(() => {
    const one = (kind, data) => newest.current(kind, data);
    listeners.add(one);
    return () => listeners.delete(one);
  }, []);
}

export function useLiveState() {
  const [state, setState] = useState(live.state);
  useEffect(() => {
    states.add(setState);
    setState(live.state);
    return () => states.delete(setState);
  }, []);
  return state;
}

const REFRESHING = new Set(["refresh", "restarted", "world", "clock", "lost"]);

/** Load something, and again whenever an event may have changed it. Returns [value, error, reload]. */
export function useLoaded(load, keys, changes = () => false) {
  const [found, setFound] = useState([undefined, null]);
  const waiting = useRef(null);
  const round = useRef(0);
  const run = async () => {
    const mine = ++round.current;
    try {
      const value = await load();
      if (mine === round.current) setFound([value, null]);
    } catch (error) {
      if (mine === round.current) setFound(([value]) => [value, error]);
    }
  };
  const soon = () => {
    if (waiting.current === null) {
      waiting.current = setTimeout(() => { waiting.current = null; run(); }, 60);
    }
  };
  useEffect(() => {
    setFound([undefined, null]);
    run();
    return () => { clearTimeout(waiting.current); waiting.current = null; round.current++; };
  }, keys);
  useEvents((kind, data) => { if (REFRESHING.has(kind) || changes(kind, data)) soon(); });
  return [...found, run];
}
