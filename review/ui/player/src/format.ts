/** Times as people write them. */

/** `12:40` or `1:02:03`. */
export function clock(position_ms: number): string {
  const whole = Math.max(0, Math.floor(position_ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = String(seconds).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** The same for a screen reader: `12 minutes 40 seconds`. */
export function spokenClock(position_ms: number): string {
  const whole = Math.max(0, Math.floor(position_ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor(whole / 60) % 60, "minute"],
    [whole % 60, "second"],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return said.length ? said.join(" ") : "0 seconds";
}

export type TextPart = { text: string; at_ms: number | null };

const MOMENT = /(?<![\d:])(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)(?![\d:])/g;

/** Text cut into plain parts and moments such as `12:40`, up to the recording's end. */
export function splitMoments(text: string, duration_ms: number): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const found of text.matchAll(MOMENT)) {
    const [hours, minutes, seconds] = [Number(found[1] ?? 0), Number(found[2]), Number(found[3])];
    const at_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000;
    if (at_ms > duration_ms) continue;
    if (found.index > end) parts.push({ text: text.slice(end, found.index), at_ms: null });
    parts.push({ text: found[0], at_ms });
    end = found.index + found[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), at_ms: null });
  return parts;
}

/** `2 min left`, in words that do not pretend to be exact; "" where nothing is known. */
export function timeLeft(seconds: number | null): string {
  if (seconds === null) return "";
  if (seconds < 50) return "less than a minute left";
  const minutes = Math.round(seconds / 60);
  return minutes === 1 ? "about a minute left" : `about ${minutes} minutes left`;
}

export interface Thumbnail {
  start_ms: number;
  end_ms: number;
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const CUE = /(\d+):(\d\d):(\d\d)\.(\d{3})\s+-->\s+(\d+):(\d\d):(\d\d)\.(\d{3})[^\n]*\n([^\n#]+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

/** The thumbnails track: which part of which sheet shows which moment. */
export function parseThumbnails(vtt: string, base: string): Thumbnail[] {
  return [...vtt.replaceAll("\r\n", "\n").matchAll(CUE)].map((found) => {
    const number = (index: number) => Number(found[index]);
    const at = (index: number) =>
      ((number(index) * 60 + number(index + 1)) * 60 + number(index + 2)) * 1000 + number(index + 3);
    const url = new URL(found[9] ?? "", base).href;
    return { start_ms: at(1), end_ms: at(5), url, x: number(10), y: number(11), width: number(12), height: number(13) };
  });
}

/** The last of `items`, sorted by their start, that begins at or before the position; -1 before the first. */
export function indexAt(items: { start_ms: number }[], position_ms: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.start_ms ?? 0) <= position_ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
