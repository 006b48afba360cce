/** Where nothing is heard, from the sound's peaks. Pure. */

export interface Span {
  start_ms: number;
  end_ms: number;
}

/** Shorter silences belong to speaking, and to thinking. */
const SHORTEST_MS = 2500;
/** What stays audible of a silence at both ends, so that nothing is clipped. */
const EDGE_MS = 400;
/** How far above the quietest tenth, towards the loudest tenth, a peak still counts as silence. */
const QUIET_SHARE = 0.12;

/** The stretches to skip. A room's own hum counts as silence: the bar is set between its quiet and its loud parts. */
export function silentSpans(peaks: number[], peaks_per_second: number): Span[] {
  if (!peaks.length || !(peaks_per_second > 0)) return [];
  const sorted = peaks.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const [quiet, loud] = [at(0.1), at(0.9)];
  const bar = quiet + (loud - quiet) * QUIET_SHARE;
  const spans: Span[] = [];
  let from = -1;
  for (let index = 0; index <= peaks.length; index += 1) {
    const silent = index < peaks.length && (peaks[index] ?? 0) <= bar;
    if (silent && from < 0) from = index;
    if (silent || from < 0) continue;
    const [start_ms, end_ms] = [(from / peaks_per_second) * 1000, (index / peaks_per_second) * 1000];
    if (end_ms - start_ms >= SHORTEST_MS) spans.push({ start_ms: start_ms + EDGE_MS, end_ms: end_ms - EDGE_MS });
    from = -1;
  }
  // A recording without any difference between quiet and loud has no silence to skip.
  return loud > quiet ? spans : [];
}
