/** The comments of the lesson: read as they change, sent until the server has them, never lost on the way. */

import { type Api, newId, Refused } from "./api";
import type { Drafts, Sent } from "./drafts";
import { keptText, type Shown } from "./threads";
import type { Change, Comment, Lesson, NewComment, Person } from "./types";

const POLL_MS = 5000;
/** The server answers so when it will never keep this text as it stands; anything else is worth another try. */
const FINAL = new Set([400, 404, 409, 413, 422]);

export interface FeedbackEvents {
  changed(comments: Shown[]): void;
  /** The server has a comment that was written here. */
  saved(comment: Comment): void;
  trouble(error: unknown): void;
  fine(): void;
  /** After a new sign-in; tells whether this is still the person whose page it is. */
  renewed(lesson: Lesson): boolean;
  /** The lesson is not open to this person any more. */
  gone(): void;
}

export class Feedback {
  private readonly kept = new Map<string, Comment>();
  private newest = 0;
  private loaded = false;
  private signInLost = false;
  private stopped = false;
  private looking: Promise<void> | null = null;
  private sending: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Api,
    private readonly drafts: Drafts,
    private readonly me: Person,
    private readonly events: FeedbackEvents,
  ) {}

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** All comments there are, those still on their way included. */
  shown(): Shown[] {
    const waiting = this.drafts
      .outbox()
      .filter(({ id }) => !this.kept.has(id))
      .map((comment): Shown => this.asShown(comment));
    return [...this.kept.values(), ...waiting];
  }

  send(comment: NewComment): void {
    this.drafts.post(comment);
    this.events.changed(this.shown());
    void this.flush();
  }

  /** A comment that was refused, with its text changed: it is a new one for the server. */
  sendAgain(id: string, change: Pick<NewComment, "body" | "kind" | "tags">): void {
    const refused = this.drafts.outbox().find((each) => each.id === id);
    this.drafts.forget(id);
    if (!refused) return;
    const { refusal: _, ...comment } = refused;
    this.send({ ...comment, ...change, id: newId() });
  }

  /** The person gives up a comment that was refused. */
  discard(id: string): void {
    this.drafts.forget(id);
    this.events.changed(this.shown());
  }

  /** Change, delete or restore a comment. A conflict brings the comment as it is kept; every refusal is passed on. */
  async change(request: Promise<Comment>): Promise<Comment> {
    try {
      const comment = await request;
      this.take([comment]);
      return comment;
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && error.answer.current) this.take([error.answer.current as Comment]);
      if (error instanceof Refused && [401, 403].includes(error.status)) this.signInLost = true;
      throw error;
    }
  }

  edit(id: string, change: Change): Promise<Comment> {
    return this.change(this.api.edit(id, change));
  }

  /** Ask for what is new now, and from then on again and again while the page is seen. */
  look(): Promise<void> {
    clearTimeout(this.timer);
    this.looking ??= this.lookOnce().finally(() => {
      this.looking = null;
      clearTimeout(this.timer);
      if (!this.stopped) this.timer = setTimeout(() => void this.look(), POLL_MS);
    });
    return this.looking;
  }

  private async lookOnce(): Promise<void> {
    if (document.visibilityState === "hidden" && this.loaded) return;
    try {
      // After signing in again in another tab the token against forged requests is another one, or even the person.
      if (this.signInLost && !this.events.renewed(await this.api.lesson())) return;
      this.signInLost = false;
      const { change, comments } = await this.api.comments(this.newest);
      this.newest = Math.max(this.newest, change);
      if (comments.length || !this.loaded) this.take(comments);
      this.loaded = true;
      this.events.fine();
      if (this.unsent().length) await this.flush();
    } catch (error) {
      if (error instanceof Refused && error.status === 404) {
        this.stop();
        this.events.gone();
      } else this.fail(error);
    }
  }

  private flush(): Promise<void> {
    this.sending ??= this.sendAll().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async sendAll(): Promise<void> {
    try {
      for (let next = this.unsent()[0]; next; next = this.unsent()[0]) await this.sendOne(next);
    } catch (error) {
      this.fail(error);
    }
  }

  private async sendOne(sent: Sent): Promise<void> {
    try {
      const kept = await this.api.add(sent);
      this.drafts.forget(sent.id);
      // Two tabs may have gone on from the same draft: the server kept the first text, the second is another comment.
      if (kept.revision === 1 && keptText(sent.body) !== kept.body) this.drafts.post({ ...sent, id: newId() });
      this.take([kept]);
      this.events.saved(kept);
      this.events.fine();
    } catch (error) {
      if (!(error instanceof Refused && FINAL.has(error.status))) throw error;
      this.drafts.post({ ...sent, refusal: error.message });
      this.events.changed(this.shown());
    }
  }

  private fail(error: unknown): void {
    if (error instanceof Refused && [401, 403].includes(error.status)) this.signInLost = true;
    this.events.trouble(error);
  }

  private unsent(): Sent[] {
    return this.drafts.outbox().filter(({ refusal }) => refusal === undefined);
  }

  private take(comments: Comment[]): void {
    if (this.stopped) return;
    for (const comment of comments) {
      if (comment.deleted) this.kept.delete(comment.id);
      else this.kept.set(comment.id, comment);
    }
    this.events.changed(this.shown());
  }

  private asShown({ refusal, ...comment }: Sent): Shown {
    return {
      ...comment,
      author: this.me,
      created_at: new Date().toISOString(),
      edited_at: null,
      deleted: false,
      revision: 0,
      change: 0,
      mine: true,
      sending: refusal === undefined ? "waiting" : "refused",
      ...(refusal === undefined ? {} : { refusal }),
    };
  }
}
