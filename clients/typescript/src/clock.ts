/** The clock of a world, which a test can freeze and move. */
import type { Control } from "./control.js";
import type { ClockChange, ClockState } from "./generated.js";

export class Clock {
  constructor(private readonly control: Control) {}

  /** The world's time, whether the clock is frozen, and its tick in seconds. */
  retrieve(): Promise<ClockState> {
    return this.control.ask("control.clock.retrieve");
  }

  /** The world's time. */
  async now(): Promise<Date> {
    return new Date((await this.retrieve()).now);
  }

  /** Freeze the clock at a time, by default its present one. */
  freeze(time?: string | Date): Promise<ClockState> {
    return this.change({ freeze: time === undefined ? true : written(time) });
  }

  /** Let the clock run again. */
  resume(): Promise<ClockState> {
    return this.change({ resume: true });
  }

  /** Move the clock forward by some seconds. */
  advance(seconds: number): Promise<ClockState> {
    return this.change({ advance: seconds });
  }

  /** Set the clock to a time, or to `now`. */
  set(time: string | Date): Promise<ClockState> {
    return this.change({ set: written(time) });
  }

  /** Set the seconds that each reading of a frozen clock adds. */
  tick(seconds: number): Promise<ClockState> {
    return this.change({ tick: seconds });
  }

  private change(body: ClockChange): Promise<ClockState> {
    return this.control.ask("control.clock.update", { body });
  }
}

function written(time: string | Date): string {
  return time instanceof Date ? time.toISOString() : time;
}
