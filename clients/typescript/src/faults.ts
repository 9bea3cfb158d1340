/** The planned faults of a world. */
import type { Control } from "./control.js";
import type {
  Fault,
  FaultKinds,
  FaultState,
  NumberedFault,
  OperationPattern,
  PlannedFault,
  Planning,
} from "./generated.js";

export class Faults {
  constructor(private readonly control: Control) {}

  /**
   * Plan a fault for an operation, a list of them, or a pattern.
   *
   *     await mock.faults.add("agents.create", { status: 429, retry_after: 1, times: 2 });
   */
  add(
    on: OperationPattern | OperationPattern[],
    fault: Fault & Omit<Planning, "on">,
  ): Promise<FaultState> {
    const body: PlannedFault = { ...fault, on };
    return this.control.ask("control.faults.create", { body });
  }

  /** The planned faults in order, with how many requests each matched and affected. */
  async list(): Promise<NumberedFault[]> {
    return (await this.control.ask("control.faults.list")).faults;
  }

  /** The faults that were not applied as often as planned. */
  async unfired(): Promise<NumberedFault[]> {
    return (await this.list()).filter((fault) => fault.unfired);
  }

  /** The kinds of faults with the schemas of their keys, and the operations. */
  kinds(): Promise<FaultKinds> {
    return this.control.ask("control.faults.kinds");
  }

  /** Remove the planned fault of a number. */
  async remove(number: number): Promise<void> {
    await this.control.ask("control.faults.delete", { query: { number } });
  }

  /** Remove all planned faults. */
  async clear(): Promise<void> {
    await this.control.ask("control.faults.delete");
  }
}
