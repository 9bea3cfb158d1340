/** What tests do with an agent. */
import type { Letta } from "@letta-ai/letta-client";

export const MODEL = "openai/gpt-4o-mini";

/** Make an agent and say something to it: what it answers. */
export async function ask(letta: Letta, input: string, name = "support"): Promise<string> {
  const agent = await letta.agents.create({ name, model: MODEL });
  const { messages } = await letta.agents.messages.create(agent.id, { input });
  const last = messages.at(-1);
  return last?.message_type === "assistant_message" ? String(last.content) : "";
}
