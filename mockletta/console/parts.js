// Small parts that several views share. Everything a client sent is shown as text, never as markup.
import { html, useEffect, useRef, useState } from "./vendor/htm-preact-3.1.1.js";

export function time(text) {
  if (!text) return "";
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString().slice(11, 23);
}

export function moment(text) {
  if (!text) return "";
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : at.toISOString().replace("T", " ").slice(0, 19);
}

export function seconds(value) {
  if (value === null || value === undefined) return "open";
  return value < 1 ? `${(value * 1000).toFixed(1)} ms` : `${value.toFixed(2)} s`;
}

export function pretty(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

export function cut(text, most) {
  const line = String(text ?? "").replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

export function Failure({ error }) {
  return error ? html`<div class="error" role="alert">${error.message}</div>` : null;
}

export function Badge({ kind = "", children }) {
  return html`<span class=${`badge ${kind}`}>${children}</span>`;
}

export function Doing({ doing }) {
  const kinds = { idle: "idle", streaming: "good", "waiting for approval": "warn" };
  return html`<${Badge} kind=${kinds[doing] ?? ""}>${doing}<//>`;
}

export function Status({ status }) {
  const kind = status === null ? "" : status < 400 ? "good" : status < 500 ? "warn" : "bad";
  return html`<${Badge} kind=${kind}>${status ?? "…"}<//>`;
}

/** A text that can be copied. */
export function Code({ text, label = "code" }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try { await navigator.clipboard.writeText(text); } catch { return; }
    setCopied(true);
    setTimeout(() => setCopied(false), 1200);
  };
  return html`<div class="code">
    <button onClick=${copy} aria-label=${`Copy ${label}`}>${copied ? "copied" : "copy"}</button>
    <pre tabindex="0" aria-label=${label}>${text}</pre>
  </div>`;
}

/** A button that waits for what it does and shows what went wrong. */
export function Act({ act, children, kind = "", label, disabled = false }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState(null);
  const run = async () => {
    setBusy(true);
    setError(null);
    try { await act(); } catch (problem) { setError(problem); }
    setBusy(false);
  };
  return html`<button class=${kind} disabled=${busy || disabled} aria-label=${label} onClick=${run}>
    ${children}</button>${error && html`<${Failure} error=${error} />`}`;
}

export function Search({ value, onInput, label }) {
  return html`<input type="search" class="search" value=${value} placeholder=${`${label} ( / )`}
    aria-label=${label} onInput=${(event) => onInput(event.target.value)} />`;
}

/** Rows that j and k walk through and Enter opens. */
export function useRows(count, open) {
  const [on, setOn] = useState(-1);
  const newest = useRef();
  newest.current = { count, open, on };
  useEffect(() => {
    const press = (event) => {
      if (event.target.matches("input, textarea, select") || event.metaKey || event.ctrlKey || event.altKey) return;
      const now = newest.current;
      if (event.key === "j") setOn(Math.min(now.on + 1, now.count - 1));
      else if (event.key === "k") setOn(Math.max(now.on - 1, 0));
      else if (event.key === "Enter" && now.on >= 0 && event.target === document.body) now.open(now.on);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  useEffect(() => { document.querySelector("tr.on")?.scrollIntoView({ block: "nearest" }); }, [on]);
  return on;
}

function common(left, right) {
  const lengths = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i][j] = left[i] === right[j] ? lengths[i + 1][j + 1] + 1
        : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

function changed(before, after) {
  const split = (text) => text.match(/\s+|[^\s]+/g) ?? [];
  const left = split(before), right = split(after);
  if (left.length * right.length > 4e6) return [["del", before], ["ins", after]];
  const lengths = common(left, right), parts = [];
  const add = (kind, text) => {
    if (parts.length && parts.at(-1)[0] === kind) parts.at(-1)[1] += text;
    else parts.push([kind, text]);
  };
  let i = 0, j = 0;
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) { add("same", left[i]); i++; j++; }
    else if (j < right.length && (i === left.length || lengths[i][j + 1] > lengths[i + 1][j])) add("ins", right[j++]);
    else add("del", left[i++]);
  }
  return parts;
}

/** What changed between two texts, word by word. */
export function Diff({ before, after }) {
  const shown = { same: (text) => text, ins: (text) => html`<ins>${text}</ins>`, del: (text) => html`<del>${text}</del>` };
  return html`<div class="value diff mono">${changed(before ?? "", after ?? "").map(([kind, text]) => shown[kind](text))}</div>`;
}
