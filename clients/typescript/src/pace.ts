/** How fast replies stream. */
import type { Control } from "./control.js";
import type { PaceOrder, PaceState } from "./generated.js";

export class Pace {
  constructor(private readonly control: Control) {}

  /** Seconds to the first token, and tokens per second after it; null means without delay. */
  retrieve(): Promise<PaceState> {
    return this.control.ask("control.pace.retrieve");
  }

  /** Set the pace: `{ ttft: "500ms", tokens_per_second: 40 }`; what is left out has no delay. */
  set(pace: PaceOrder): Promise<PaceState> {
    return this.control.ask("control.pace.update", { body: pace });
  }
}
