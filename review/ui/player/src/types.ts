/** What the server's JSON routes say. Times are whole milliseconds of the recording. */

export interface Person {
  id: string;
  name: string;
}

export interface Level {
  code: string;
  title: string;
}

export interface Criterion {
  code: string;
  category: string;
  title: string;
  indicators: string[];
}

export interface Rubric {
  id: string;
  version: string;
  title: string;
  levels: Level[];
  criteria: Criterion[];
}

/** A pairing that talks about the lesson; without `pairing_id` the notes that only their author sees. */
export interface Conversation {
  pairing_id: string | null;
  title: string;
  can_write: boolean;
  levels_on: boolean;
}

export interface Recording {
  id: string;
  duration_ms: number | null;
  width: number | null;
  height: number | null;
  has_video: boolean;
  urls: { web: string | null; poster: string | null; thumbnails: string | null; peaks: string | null };
}

export interface Run {
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  step: string | null;
  share: number;
  seconds_left: number | null;
  error_message: string | null;
}

export interface Lesson {
  id: string;
  title: string;
  subject: string;
  grade: string;
  taught_on: string | null;
  teachers: Person[];
  why: string[];
  me: Person;
  csrf: string;
  conversations: Conversation[];
  recordings: Recording[];
  run: Run | null;
  rubric: Rubric;
}

export type Word = [start_ms: number, end_ms: number, text: string, confidence: number | null];

export interface Segment {
  start_ms: number;
  end_ms: number;
  text: string;
  speaker: string;
  words: Word[];
}

export interface Transcript {
  version: number;
  engine: string;
  language: string;
  draft: boolean;
  segments: Segment[];
}

export interface Clip {
  id: string;
  start_ms: number;
  end_ms: number;
  title: string;
  reason: string;
  origin: "proposed" | "marked";
}

export const KINDS = ["noticing", "praise", "question", "suggestion", "evidence"] as const;
export type Kind = (typeof KINDS)[number];

export interface Tag {
  criterion: string;
  level: string | null;
  title?: string;
}

export interface Comment {
  id: string;
  recording_id: string;
  pairing_id: string | null;
  author: Person;
  kind: Kind;
  start_ms: number;
  end_ms: number;
  body: string;
  tags: Tag[];
  reply_to: string | null;
  created_at: string;
  edited_at: string | null;
  deleted: boolean;
  revision: number;
  change: number;
  mine: boolean;
}

/** What is sent to have a comment kept; the id is made here, so that sending twice is harmless. */
export interface NewComment {
  id: string;
  recording_id: string;
  pairing_id: string | null;
  kind: Kind;
  start_ms: number;
  end_ms: number;
  body: string;
  tags: Tag[];
  reply_to: string | null;
}
