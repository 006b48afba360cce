/** Which moment or range a comment is about. Pure; times are whole milliseconds of the recording. */

/** `pinned`: the person chose it, or began to type there; until then it follows the lesson. */
export interface Stamp {
  start_ms: number;
  end_ms: number;
  pinned: boolean;
}

/** What "up to here" takes in when no beginning was chosen. */
const BACK_MS = 5000;

export function follow(stamp: Stamp, position_ms: number): Stamp {
  return stamp.pinned ? stamp : { start_ms: position_ms, end_ms: position_ms, pinned: false };
}

export function moment(position_ms: number): Stamp {
  return { start_ms: position_ms, end_ms: position_ms, pinned: true };
}

/** From here: an end chosen before stays, unless it lies before the new beginning. */
export function markIn(stamp: Stamp, position_ms: number): Stamp {
  const end_ms = stamp.pinned ? Math.max(stamp.end_ms, position_ms) : position_ms;
  return { start_ms: position_ms, end_ms, pinned: true };
}

/** Up to here: from the chosen beginning, or the last few seconds where there is none. */
export function markOut(stamp: Stamp, position_ms: number): Stamp {
  const start_ms = stamp.pinned ? stamp.start_ms : Math.max(0, position_ms - BACK_MS);
  return { start_ms: Math.min(start_ms, position_ms), end_ms: position_ms, pinned: true };
}
