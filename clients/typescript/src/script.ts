/** The script of a world. `mock.when(...)` adds to it. */
import type { Control } from "./control.js";
import type { Diagnostic, Rule, RuleState, ScriptFile, ScriptState } from "./generated.js";

export class Script {
  constructor(private readonly control: Control) {}

  /** The rules with how often each was used, and what replies if none matches. */
  retrieve(): Promise<ScriptState> {
    return this.control.ask("control.script.retrieve");
  }

  /** Replace the script by the content of a file. Rules that were added remain after its rules. */
  replace(script: ScriptFile): Promise<ScriptState> {
    return this.control.ask("control.script.replace", { body: script });
  }

  /** Replace the script by the text of a file, YAML or JSON. */
  load(text: string): Promise<ScriptState> {
    return this.control.ask("control.script.load", { body: { text } });
  }

  /** The problems of the text of a file, each with its line and column. */
  async check(text: string): Promise<Diagnostic[]> {
    return (await this.control.ask("control.script.check", { body: { text } })).problems;
  }

  /** Add a rule after all others. */
  add(rule: Rule): Promise<RuleState> {
    return this.control.ask("control.script.add", { body: rule });
  }
}
