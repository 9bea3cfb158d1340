/** The declared MCP servers of a world. */
import type { Control } from "./control.js";
import type { DeclareServer, DeclaredServer } from "./generated.js";

export class McpServers {
  constructor(private readonly control: Control) {}

  async list(): Promise<DeclaredServer[]> {
    return (await this.control.ask("control.mcp_servers.list")).mcp_servers;
  }

  /** Declare the tools of a server, and what they return. */
  declare(server: DeclareServer): Promise<DeclaredServer> {
    return this.control.ask("control.mcp_servers.declare", { body: server });
  }

  /** Remove the declared server of a name, or all of them. */
  async delete(name?: string): Promise<void> {
    const query = name === undefined ? {} : { name };
    await this.control.ask("control.mcp_servers.delete", { query });
  }
}
