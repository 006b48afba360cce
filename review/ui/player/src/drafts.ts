/** What was typed and is not kept by the server yet: it survives a reload, a crash and the end of a session. */

import type { NewComment } from "./types";

export interface Draft extends NewComment {
  /** Whether the person chose the moment, or typing began there. */
  pinned: boolean;
}

/** One person's unsaved text on one lesson, in this browser. */
export class Drafts {
  private readonly key: string;

  constructor(lessonId: string, personId: string) {
    this.key = `debrief:${personId}:${lessonId}`;
  }

  /** The draft of a place: "" is the editor, a comment's id is the reply under it. */
  find(place: string): Draft | null {
    return (this.read().drafts[place] as Draft | undefined) ?? null;
  }

  keep(place: string, draft: Draft): void {
    const kept = this.read();
    if (draft.body.trim() || draft.tags.length) kept.drafts[place] = draft;
    else delete kept.drafts[place];
    this.write(kept);
  }

  drop(place: string): void {
    const kept = this.read();
    delete kept.drafts[place];
    this.write(kept);
  }

  /** Comments that were sent off and not yet acknowledged. */
  outbox(): NewComment[] {
    return this.read().outbox;
  }

  post(comment: NewComment): void {
    const kept = this.read();
    kept.outbox = [...kept.outbox.filter((each) => each.id !== comment.id), comment];
    this.write(kept);
  }

  acknowledge(id: string): void {
    const kept = this.read();
    kept.outbox = kept.outbox.filter((each) => each.id !== id);
    this.write(kept);
  }

  private read(): { drafts: Record<string, unknown>; outbox: NewComment[] } {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key) ?? "{}");
      return { drafts: kept.drafts ?? {}, outbox: Array.isArray(kept.outbox) ? kept.outbox : [] };
    } catch {
      return { drafts: {}, outbox: [] };
    }
  }

  private write(kept: { drafts: Record<string, unknown>; outbox: NewComment[] }): void {
    try {
      if (Object.keys(kept.drafts).length || kept.outbox.length) localStorage.setItem(this.key, JSON.stringify(kept));
      else localStorage.removeItem(this.key);
    } catch {
      // A browser that keeps nothing (private window, full) still has the text on the page.
    }
  }
}
