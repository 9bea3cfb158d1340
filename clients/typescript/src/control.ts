/** The control API of one world: its operations by name, with their types. */
import type { IncomingMessage } from "node:http";

import { CONTROL, type ControlTypes } from "./generated.js";
import { read, send } from "./http.js";

export type ControlName = keyof ControlTypes;

/** What a request is about, besides its operation. */
export interface Asked<Name extends ControlName> {
  body?: ControlTypes[Name]["body"];
  query?: ControlTypes[Name]["query"];
  /** The parameters of the path. */
  path?: Record<string, string | number>;
  headers?: Record<string, string>;
}

/** A server, and the token that its control API may require. */
export interface Address {
  url: string;
  adminToken?: string | undefined;
}

/** A client of the control API for the world of an API key. */
export class Control {
  constructor(
    readonly server: Address,
    readonly apiKey: string,
  ) {}

  /** Perform an operation. Throws a MocklettaError that says why the server refuses it. */
  async ask<Name extends ControlName>(
    name: Name,
    asked: Asked<Name> = {},
  ): Promise<ControlTypes[Name]["answer"]> {
    const response = await this.open(name, asked);
    const answer = await read(response);
    const isJson = response.headers["content-type"]?.startsWith("application/json");
    return (isJson ? JSON.parse(answer) : answer) as ControlTypes[Name]["answer"];
  }

  /** Send a request, and return the response before its body is read. */
  open<Name extends ControlName>(name: Name, asked: Asked<Name>): Promise<IncomingMessage> {
    const [method, path] = CONTROL[name];
    const { body, query } = asked;
    const isFile = typeof body === "string";
    return send({
      method,
      url: this.url(path, asked.path ?? {}, query ?? {}),
      headers: {
        authorization: `Bearer ${this.apiKey}`,
        "content-type": isFile ? "application/x-ndjson" : "application/json",
        ...(this.server.adminToken && { "x-mockletta-admin-token": this.server.adminToken }),
        ...asked.headers,
      },
      body: body === undefined || isFile ? body : JSON.stringify(body),
    });
  }

  private url(path: string, parameters: object, query: object): URL {
    const given = new Map<string, unknown>(Object.entries(parameters));
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(String(given.get(name))),
    );
    const url = new URL(this.server.url.replace(/\/+$/, "") + filled);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }
}
