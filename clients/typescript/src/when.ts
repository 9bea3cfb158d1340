/** Scripted replies: `mock.when("weather in {city}").call("get_weather").say("18 degrees")`. */
import { scriptPattern } from "./conditions.js";
import type { Control } from "./control.js";
import { MocklettaError } from "./errors.js";
import { ReplyMethods } from "./generated.js";
import type { CallItem, Item, Rule, RuleConditions, RuleState, StopItem } from "./generated.js";

/** What a rule matches: a text with `{placeholders}`, an expression, or several of them. */
export type Text = RegExp | NonNullable<RuleConditions["text"]>;
/** The keys of `when` in a script file, and those of the rule itself. */
export type Conditions = Omit<RuleConditions, "text"> & Omit<Rule, "when" | "reply" | "sequence">;
export type CallOptions = Omit<CallItem, "call" | "with">;

const OF_THE_RULE = ["name", "per", "then", "ttft", "tokens_per_second", "jitter", "chunk", "keepalive"];

/**
 * Builds a rule. Each method adds an item to its reply; `await` adds the rule to the script.
 *
 *     await mock.when("weather in {city}").say("18 degrees in {{ city }}.");
 */
export class When extends ReplyMethods implements PromiseLike<RuleState> {
  private readonly conditions: Record<string, unknown>;
  private readonly own: Record<string, unknown> = {};
  private readonly replies: Item[][] = [[]];
  private adding: Promise<RuleState> | undefined;

  constructor(
    private readonly control: Control,
    text: Text | undefined,
    conditions: Conditions,
  ) {
    super();
    const written = text instanceof RegExp ? scriptPattern(text) : text;
    this.conditions = written === undefined ? {} : { text: written };
    for (const [name, value] of Object.entries(conditions)) {
      (OF_THE_RULE.includes(name) ? this.own : this.conditions)[name] = value;
    }
  }

  /** Add a tool call. With `returns` the tool is not run. */
  call(tool: string, args: Record<string, unknown> = {}, options: CallOptions = {}): this {
    const given = Object.keys(args).length > 0 ? { with: args } : {};
    return this.add({ call: tool, ...given, ...options });
  }

  /** Add several tool calls in one step. */
  calls(...calls: CallItem[]): this {
    return this.add({ calls });
  }

  /** End the turn with a stop reason. */
  stop(reason: StopItem["stop"] = "end_turn"): this {
    return this.add({ stop: reason });
  }

  /** Use the rule at most this number of times. */
  times(times: number): this {
    this.changing();
    this.conditions["times"] = times;
    return this;
  }

  /** Start the reply to the next matching message. Python calls this `then`. */
  andThen(): this {
    this.changing();
    if (this.replies.at(-1)?.length === 0) {
      throw new MocklettaError(`${this}.andThen(): expected a reply before, such as .say(...)`);
    }
    this.replies.push([]);
    return this;
  }

  /** Whether the rule has been added to the script. */
  get isAdded(): boolean {
    return this.adding !== undefined;
  }

  then<Done = RuleState, Failed = never>(
    done?: ((state: RuleState) => Done | PromiseLike<Done>) | null,
    failed?: ((reason: unknown) => Failed | PromiseLike<Failed>) | null,
  ): Promise<Done | Failed> {
    this.adding ??= this.control.ask("control.script.add", { body: this.rule() });
    return this.adding.then(done, failed);
  }

  toString(): string {
    return `when(${JSON.stringify({ ...this.conditions, ...this.own })})`;
  }

  private rule(): Rule {
    const made = this.replies.filter((reply) => reply.length > 0);
    const advances = "then" in this.own || ("per" in this.own && !("times" in this.conditions));
    const reply = made.length > 1 || advances ? { sequence: made } : { reply: made[0] ?? [] };
    return { ...this.own, when: this.conditions, ...reply };
  }

  protected add(item: Item): this {
    this.changing();
    this.replies.at(-1)?.push(item);
    return this;
  }

  private changing(): void {
    if (this.isAdded) throw new MocklettaError(`${this} has been added: it cannot change any more`);
  }
}
