/** A line of JSON for each story that is over: its name, what went wrong, why it was left out. */
export default async function* lines(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const error = data.details.error?.cause ?? data.details.error;
    const line = { name: data.name, error: error && (error.stack ?? String(error)), skip: data.skip };
    yield JSON.stringify(line) + "\n";
  }
}
