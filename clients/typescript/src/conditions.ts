/** Regular expressions of JavaScript as the server reads them. */

const SHARED_FLAGS = "ims";

/** Write an expression as a pattern of a script: `/weather in (?<city>\w+)/i`. */
export function scriptPattern(expression: RegExp): string {
  return `/${source(expression)}/${flags(expression)}`;
}

/** Write an expression as a condition of the journal. */
export function journalCondition(value: unknown): unknown {
  if (!(value instanceof RegExp)) return value;
  const options = flags(value);
  return { matches: (options && `(?${options})`) + source(value) };
}

function source(expression: RegExp): string {
  return expression.source
    .replace(/\(\?<(?![=!])/g, "(?P<")
    .replace(/\\k<(\w+)>/g, "(?P=$1)")
    .replaceAll("\\/", "/");
}

function flags(expression: RegExp): string {
  return [...expression.flags].filter((flag) => SHARED_FLAGS.includes(flag)).join("");
}
