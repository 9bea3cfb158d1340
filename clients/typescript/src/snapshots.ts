/** The snapshots of a world, which the server keeps by name. */
import { randomUUID } from "node:crypto";

import type { Control } from "./control.js";
import type { SnapshotName, WorldSummary } from "./generated.js";

/** A snapshot that was taken, by its name. */
export type Snapshot = SnapshotName;

export class Snapshots {
  constructor(private readonly control: Control) {}

  /** Take a snapshot. It replaces one with the same name. */
  take(name = `snapshot-${randomUUID()}`): Promise<Snapshot> {
    return this.control.ask("control.snapshots.create", { body: { name } });
  }

  restore(snapshot: Snapshot | string): Promise<WorldSummary> {
    const name = typeof snapshot === "string" ? snapshot : snapshot.name;
    return this.control.ask("control.restore", { body: { name } });
  }

  /** The names of the kept snapshots, oldest first. */
  async list(): Promise<string[]> {
    return (await this.control.ask("control.snapshots.list")).snapshots;
  }

  /** Remove all kept snapshots. */
  async clear(): Promise<void> {
    await this.control.ask("control.snapshots.delete");
  }
}
