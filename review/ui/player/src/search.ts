/** Finding words in what was said. Pure. */

import type { Segment } from "./types";

/** Where a hit is: its segment, and its words in it (none where the segment has no word times). */
export interface Hit {
  segment: number;
  start_ms: number;
  words: { from: number; to: number } | null;
}

const SHORTEST = 2;

/** Letters as they are compared: without case and accents. */
export function plainText(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/** Every place where the words are said, in order of time. A hit begins where a word begins. */
export function findHits(segments: Segment[], query: string): Hit[] {
  const wanted = plainText(query.trim().replaceAll(/\s+/g, " "));
  if (wanted.length < SHORTEST) return [];
  return segments.flatMap((segment, index) => hitsIn(segment, index, wanted));
}

function hitsIn(segment: Segment, index: number, wanted: string): Hit[] {
  if (!segment.words.length) {
    const found = plainText(segment.text).includes(wanted);
    return found ? [{ segment: index, start_ms: segment.start_ms, words: null }] : [];
  }
  const starts: number[] = [];
  let text = "";
  for (const [, , word] of segment.words) {
    starts.push(text.length);
    text += `${plainText(word)} `;
  }
  const wordAt = (offset: number) => starts.findLastIndex((start) => start <= offset);
  const hits: Hit[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    const [from, to] = [wordAt(at), wordAt(at + wanted.length - 1)];
    hits.push({ segment: index, start_ms: segment.words[from]?.[0] ?? segment.start_ms, words: { from, to } });
  }
  return hits;
}
