/** What an operation answers as JSON, told by the return type of the SDK's method. */
import type { ArrayPage, NextFilesPage, ObjectPage } from "@letta-ai/letta-client/core/pagination";
import type { Stream } from "@letta-ai/letta-client/core/streaming";

type Method = (...given: any[]) => PromiseLike<unknown>;
type Returned<M extends Method> = Awaited<ReturnType<M>>;
type Read<R> =
  R extends Stream<any> ? never
  : R extends ArrayPage<infer Item> ? Item[]
  : R extends ObjectPage<infer Item> ? { messages: Item[] }
  : R extends NextFilesPage<infer Item> ? Pick<R, "has_more" | "next_cursor"> & { files: Item[] }
  : R;

export type Body<M extends Method> = Read<Returned<M>>;
export type Event<M extends Method> = Returned<M> extends infer R ? R extends Stream<infer E> ? E : never : never;
export type { Letta } from "@letta-ai/letta-client";
