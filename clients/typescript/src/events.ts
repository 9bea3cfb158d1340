/** The stream of what happens in a world, as it happens. */
import { createInterface } from "node:readline";

import type { Control } from "./control.js";
import type { WhichEvents } from "./generated.js";
import { read } from "./http.js";

/** An event: its kind (`request`, `response`, `frames`, ...), its data, and its id. */
export interface WorldEvent {
  id?: string;
  kind: string;
  data: Record<string, unknown>;
}

/** Follow the events of a world. The stream lasts until the loop over it ends. */
export async function* follow(control: Control, query: WhichEvents): AsyncGenerator<WorldEvent> {
  const response = await control.open("control.events", { query });
  if (response.statusCode !== 200) await read(response);
  try {
    const fields = new Map<string, string>();
    for await (const line of createInterface({ input: response })) {
      const [name = "", value = ""] = line.split(/: (.*)/s);
      if (line !== "") fields.set(name, value);
      else if (fields.has("data")) yield event(fields);
      if (line === "") fields.clear();
    }
  } finally {
    response.destroy();
  }
}

function event(fields: Map<string, string>): WorldEvent {
  const id = fields.get("id");
  const data = JSON.parse(fields.get("data") ?? "{}") as Record<string, unknown>;
  return { ...(id && { id }), kind: fields.get("event") ?? "message", data };
}
