/** The agents of a world as the console shows them. */
import type { Control } from "./control.js";
import type { AgentSummary, AgentView, BlockChanges, ThreadView } from "./generated.js";

export class AgentViews {
  constructor(private readonly control: Control) {}

  /** All agents with what each is doing. */
  async list(): Promise<AgentSummary[]> {
    return (await this.control.ask("control.agents.list")).agents;
  }

  /** An agent with its memory, tools, conversations and compiled system message. */
  retrieve(agent_id: string): Promise<AgentView> {
    return this.control.ask("control.agents.retrieve", { path: { agent_id } });
  }

  /** The newest messages of a conversation, by default of the agent's direct messages. */
  thread(agent_id: string, thread_id = "default"): Promise<ThreadView> {
    return this.control.ask("control.agents.threads.retrieve", { path: { agent_id, thread_id } });
  }

  /** The changes of a block's value, each with its time, its cause and both values. */
  blockHistory(block_id: string): Promise<BlockChanges> {
    return this.control.ask("control.blocks.history", { path: { block_id } });
  }
}
