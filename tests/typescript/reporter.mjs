/** A line of JSON for each story that is over: its name, and what went wrong. */
export default async function* lines(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const error = data.details.error?.cause ?? data.details.error;
    yield JSON.stringify({ name: data.name, error: error && (error.stack ?? String(error)) }) + "\n";
  }
}
