/** What was typed and is not kept by the server yet: it survives a reload, a crash and the end of a session. */

import type { NewComment } from "./types";

/** Text that is being written. `revision` is the one that a change of a kept comment began from. */
export interface Draft extends NewComment {
  revision?: number;
}

/** A comment that was sent off; with `refusal` the server would not keep it, and says why. */
export interface Sent extends NewComment {
  refusal?: string;
}

interface Kept {
  drafts: Record<string, Draft>;
  outbox: Sent[];
}

/** Where the text is written: the editor, the box under a comment, or in place of a comment. */
export const place = {
  editor: "",
  reply: (commentId: string) => `reply:${commentId}`,
  edit: (commentId: string) => `edit:${commentId}`,
};

/** One person's unsaved text on one lesson, in this browser. */
export class Drafts {
  private readonly key: string;
  /** What is kept on this page only, where the browser keeps nothing (private window, full). */
  private onlyHere: Kept | null = null;

  constructor(
    lessonId: string,
    personId: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> = localStorage,
  ) {
    this.key = `debrief:${personId}:${lessonId}`;
  }

  find(where: string): Draft | null {
    return this.read().drafts[where] ?? null;
  }

  keep(where: string, draft: Draft): void {
    const kept = this.read();
    if (draft.body.trim() || draft.tags.length) kept.drafts[where] = draft;
    else delete kept.drafts[where];
    this.write(kept);
  }

  drop(where: string): void {
    const kept = this.read();
    if (!(where in kept.drafts)) return;
    delete kept.drafts[where];
    this.write(kept);
  }

  /** Comments that were sent off and not yet acknowledged. */
  outbox(): Sent[] {
    return this.read().outbox;
  }

  post(comment: Sent): void {
    const kept = this.read();
    kept.outbox = [...kept.outbox.filter((each) => each.id !== comment.id), comment];
    this.write(kept);
  }

  /** The server has it, or the person gave it up. */
  forget(id: string): void {
    const kept = this.read();
    kept.outbox = kept.outbox.filter((each) => each.id !== id);
    this.write(kept);
  }

  private read(): Kept {
    if (this.onlyHere) return this.onlyHere;
    try {
      const kept = JSON.parse(this.storage.getItem(this.key) ?? "{}") as Partial<Kept>;
      return { drafts: kept.drafts ?? {}, outbox: Array.isArray(kept.outbox) ? kept.outbox : [] };
    } catch {
      return { drafts: {}, outbox: [] };
    }
  }

  private write(kept: Kept): void {
    try {
      if (Object.keys(kept.drafts).length || kept.outbox.length) this.storage.setItem(this.key, JSON.stringify(kept));
      else this.storage.removeItem(this.key);
    } catch {
      this.onlyHere = kept;
    }
  }
}
