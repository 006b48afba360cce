/** Comments with their replies: how they belong together, which ones are asked for, which comes next. Pure. */

import type { Comment } from "./types";

/** A comment as this page has it; one that the server has not acknowledged yet says how it is on its way. */
export type Shown = Comment & { sending?: "waiting" | "refused"; refusal?: string };

/** `root` is null when the comment was deleted under its replies. */
export interface Thread {
  id: string;
  recording_id: string;
  start_ms: number;
  end_ms: number;
  root: Shown | null;
  replies: Shown[];
}

/** What the list is narrowed to; "" stands for all. */
export interface Filter {
  person: string;
  kind: string;
  criterion: string;
  span: { start_ms: number; end_ms: number } | null;
}

export const NO_FILTER: Filter = { person: "", kind: "", criterion: "", span: null };

export function isNarrowed(filter: Filter): boolean {
  return Boolean(filter.person || filter.kind || filter.criterion || filter.span);
}

/** The threads in order of time; replies in the order they were written. */
export function buildThreads(comments: Shown[]): Thread[] {
  const threads = new Map<string, Thread>();
  const open = (id: string, { recording_id, start_ms, end_ms }: Shown): Thread => {
    const known = threads.get(id) ?? { id, recording_id, start_ms, end_ms, root: null, replies: [] };
    threads.set(id, known);
    return known;
  };
  for (const comment of comments) {
    const thread = open(comment.reply_to ?? comment.id, comment);
    if (comment.reply_to) thread.replies.push(comment);
    else Object.assign(thread, { root: comment, start_ms: comment.start_ms, end_ms: comment.end_ms });
  }
  for (const { replies } of threads.values()) replies.sort((a, b) => a.created_at.localeCompare(b.created_at));
  return [...threads.values()].sort((a, b) => a.start_ms - b.start_ms || a.id.localeCompare(b.id));
}

export function filterThreads(threads: Thread[], filter: Filter): Thread[] {
  if (!isNarrowed(filter)) return threads;
  return threads.filter(({ root, replies, start_ms, end_ms }) => {
    const all = root ? [root, ...replies] : replies;
    if (filter.person && !all.some(({ author }) => author.id === filter.person)) return false;
    if (filter.kind && root?.kind !== filter.kind) return false;
    if (filter.criterion && !root?.tags.some(({ criterion }) => criterion === filter.criterion)) return false;
    return !filter.span || (start_ms < filter.span.end_ms && end_ms >= filter.span.start_ms);
  });
}

/** The thread after or before a position. Going back from just behind a thread's start means the one before it. */
export function neighbour(threads: Thread[], position_ms: number, direction: 1 | -1): Thread | undefined {
  return direction > 0
    ? threads.find(({ start_ms }) => start_ms > position_ms + 500)
    : threads.findLast(({ start_ms }) => start_ms < position_ms - 1500);
}

/** The thread that a playing lesson is at: the last that began, while it lasts or for a few seconds after. */
export function threadAt(threads: Thread[], position_ms: number): Thread | undefined {
  return threads.findLast(
    ({ start_ms, end_ms }) => start_ms <= position_ms && position_ms < Math.max(end_ms, start_ms + 5000),
  );
}

/** Text as the server keeps it, to tell whether it kept what was sent. */
export function keptText(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replaceAll("\0", "").trim();
}
