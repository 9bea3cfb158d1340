/** A bot that runs some tools itself, and asks its user before the server runs others. */
import type { Letta } from "@letta-ai/letta-client";

type Messages = Letta.Conversations.MessageCreateParams["messages"];
type Approval = Letta.Agents.ApprovalReturn | Letta.Agents.ToolReturn;

/** A call that waits: for this app to run it, or for its user to approve it. */
export interface Call {
  id: string;
  name: string;
  args: Record<string, unknown>;
}

/** A tool that runs in this app. */
export interface Tool {
  description: string;
  parameters: Record<string, unknown>;
  run(args: Record<string, unknown>): string | Promise<string>;
}

/** The user's answer to a call: nothing approves it, a text denies it with a reason. */
export type Decision = undefined | string;

export class Bot {
  private constructor(
    private readonly letta: Letta,
    private readonly conversationId: string,
    private readonly tools: Record<string, Tool>,
    private readonly decide: (call: Call) => Decision | Promise<Decision>,
  ) {}

  /** Start a conversation with an agent. */
  static async open(
    letta: Letta,
    agentId: string,
    tools: Record<string, Tool>,
    decide: (call: Call) => Decision | Promise<Decision>,
  ): Promise<Bot> {
    const { id } = await letta.conversations.create({ agent_id: agentId });
    return new Bot(letta, id, tools, decide);
  }

  /** Say something, answer all calls of the agent, and return what it says in the end. */
  async say(text: string): Promise<string> {
    let messages: Messages = [{ role: "user", content: text }];
    for (;;) {
      const { said, calls } = await this.turn(messages);
      if (calls.length === 0) return said;
      const approvals = await Promise.all(calls.map((call) => this.answer(call)));
      messages = [{ type: "approval", approvals }];
    }
  }

  /** Send messages, and read the stream to its end: what the agent said, and what waits. */
  private async turn(messages: Messages): Promise<{ said: string; calls: Call[] }> {
    const client_tools = Object.entries(this.tools).map(([name, { description, parameters }]) => ({
      name,
      description,
      parameters,
    }));
    const stream = await this.letta.conversations.messages.create(this.conversationId, {
      messages: messages ?? null,
      client_tools,
    });
    let said = "";
    const calls: Call[] = [];
    for await (const event of stream) {
      if (event.message_type === "assistant_message") said += event.content;
      if (event.message_type === "approval_request_message") calls.push(...callsOf(event));
    }
    return { said, calls };
  }

  private async answer(call: Call): Promise<Approval> {
    const tool = this.tools[call.name];
    if (tool) return run(tool, call);
    const reason = await this.decide(call);
    const approval = { type: "approval" as const, tool_call_id: call.id };
    return reason === undefined ? { ...approval, approve: true } : { ...approval, approve: false, reason };
  }
}

async function run(tool: Tool, { id, args }: Call): Promise<Letta.Agents.ToolReturn> {
  try {
    const tool_return = await tool.run(args);
    return { type: "tool", tool_call_id: id, tool_return, status: "success" };
  } catch (error) {
    return { type: "tool", tool_call_id: id, tool_return: String(error), status: "error" };
  }
}

function callsOf({ tool_call, tool_calls }: Letta.Agents.ApprovalRequestMessage): Call[] {
  const waiting = Array.isArray(tool_calls) ? tool_calls : [tool_call];
  return waiting.map((one) => ({
    id: one.tool_call_id ?? "",
    name: one.name ?? "",
    args: JSON.parse(one.arguments ?? "{}") as Record<string, unknown>,
  }));
}
