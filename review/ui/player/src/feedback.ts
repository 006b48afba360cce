/** The comments of the lesson: read as they change, sent until the server has them, never lost on the way. */

import { type Api, Refused, Unreachable } from "./api";
import type { Drafts } from "./drafts";
import type { Comment, NewComment, Person } from "./types";
import type { Shown } from "./comments";

const POLL_MS = 4000;

export interface FeedbackEvents {
  changed(comments: Shown[]): void;
  trouble(error: unknown): void;
  fine(): void;
  conflict(current: Comment, body: string): void;
  refused(message: string, comment: NewComment): void;
}

export class Feedback {
  private readonly kept = new Map<string, Comment>();
  private newest = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;
  private sending = false;

  constructor(
    private readonly api: Api,
    private readonly drafts: Drafts,
    private readonly me: Person,
    private readonly events: FeedbackEvents,
  ) {}

  start(): void {
    void this.look();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** All comments there are, those still on their way included. */
  shown(): Shown[] {
    const waiting = this.drafts
      .outbox()
      .filter(({ id }) => !this.kept.has(id))
      .map((comment): Shown => ({
        ...comment,
        author: this.me,
        created_at: new Date().toISOString(),
        edited_at: null,
        deleted: false,
        revision: 1,
        change: 0,
        mine: true,
        waiting: true,
      }));
    return [...this.kept.values(), ...waiting];
  }

  send(comment: NewComment): void {
    this.drafts.post(comment);
    this.events.changed(this.shown());
    void this.flush();
  }

  async change(request: Promise<Comment>, body: string): Promise<void> {
    try {
      this.take([await request]);
      this.events.fine();
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && error.answer.current) {
        const current = error.answer.current as Comment;
        this.take([current]);
        this.events.conflict(current, body);
      } else this.events.trouble(error);
    }
  }

  /** Send what waits. A refusal for its content gives the text back; anything else keeps it waiting. */
  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (const comment of this.drafts.outbox()) {
        try {
          const kept = await this.api.add(comment);
          this.drafts.acknowledge(comment.id);
          this.take([kept]);
          this.events.fine();
        } catch (error) {
          if (!(error instanceof Refused) || ![404, 413, 422].includes(error.status)) throw error;
          this.drafts.acknowledge(comment.id);
          this.events.refused(error.message, comment);
          this.events.changed(this.shown());
        }
      }
    } catch (error) {
      this.events.trouble(error);
    } finally {
      this.sending = false;
    }
  }

  /** Ask for what is new, again and again while the page is seen. */
  async look(): Promise<void> {
    clearTimeout(this.timer);
    try {
      if (document.visibilityState === "visible" || !this.newest) {
        const first = this.newest === 0;
        const { change, comments } = await this.api.comments(this.newest);
        if (comments.length || first) this.take(comments);
        this.newest = Math.max(this.newest, change);
        this.events.fine();
        if (this.drafts.outbox().length) await this.flush();
      }
    } catch (error) {
      this.events.trouble(error);
      if (error instanceof Refused && [401, 403].includes(error.status)) await this.renew();
      else if (!(error instanceof Unreachable) && !(error instanceof Refused)) throw error;
    } finally {
      if (!this.stopped) this.timer = setTimeout(() => void this.look(), POLL_MS);
    }
  }

  /** After signing in again in another tab the token against forged requests is another one. */
  private async renew(): Promise<void> {
    await this.api.lesson().catch(() => undefined);
  }

  private take(comments: Comment[]): void {
    for (const comment of comments) {
      if (comment.deleted) this.kept.delete(comment.id);
      else this.kept.set(comment.id, comment);
    }
    this.events.changed(this.shown());
  }
}
