/** HTTP without `fetch`, which tests like to replace. */
import http from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";

import { MocklettaError } from "./errors.js";

export interface HttpRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: string | undefined;
}

/** Send a request, and return the response when its headers are there. */
export function send({ method, url, headers, body }: HttpRequest): Promise<http.IncomingMessage> {
  const { request } = url.protocol === "https:" ? https : http;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: { ...headers, ...length } }, resolve);
    sent.on("error", (error: NodeJS.ErrnoException) =>
      reject(new MocklettaError(`No mockletta server answers at ${url.origin} (${error.code})`)),
    );
    sent.end(body);
  });
}

/** Return the text of a successful response. Throws what the server says of any other. */
export async function read(response: http.IncomingMessage): Promise<string> {
  const status = response.statusCode ?? 0;
  const body = await text(response);
  if (status >= 200 && status < 300) return body;
  throw new MocklettaError(detail(body) ?? `The server answered ${status}: ${body}`, status);
}

function detail(body: string): string | undefined {
  try {
    const { detail } = JSON.parse(body) as { detail?: unknown };
    return typeof detail === "string" ? detail : JSON.stringify(detail);
  } catch {
    return undefined;
  }
}
