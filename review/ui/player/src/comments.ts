/** The comments as a list in order of time, each with its replies. */

import { el, personHue } from "./dom";
import type { Drafts } from "./drafts";
import { clock, splitMoments } from "./format";
import type { Comment, Conversation, Rubric } from "./types";
import { KIND_NAMES, SAY } from "./words";

export interface CommentActions {
  seek(position_ms: number): void;
  edit(comment: Comment): void;
  remove(comment: Comment): void;
  reply(comment: Comment, body: string): void;
  duration_ms(): number;
}

/** A comment on the page; `waiting` is one that the server has not acknowledged yet. */
export type Shown = Comment & { waiting?: boolean };

export class CommentsPanel {
  readonly root = el("div", { class: "comments", role: "list", "aria-label": "Comments" });
  private readonly rows = new Map<string, { stamp: string; row: HTMLElement }>();
  private shown: Shown[] = [];
  private replying: string | null = null;

  constructor(
    private readonly rubric: Rubric,
    private readonly conversations: Conversation[],
    private readonly drafts: Drafts,
    private readonly actions: CommentActions,
  ) {}

  /** Draw what changed: a row stays the same element while nothing about it or its replies is different. */
  show(comments: Shown[]): void {
    this.shown = comments.filter((comment) => !comment.reply_to).sort((a, b) => a.start_ms - b.start_ms);
    const kept = this.shown.map((comment) => {
      const replies = comments.filter((each) => each.reply_to === comment.id).sort((a, b) => a.created_at.localeCompare(b.created_at));
      const stamp = JSON.stringify([comment, replies, this.actions.duration_ms()]);
      const known = this.rows.get(comment.id);
      if (known?.stamp === stamp) return known.row;
      const row = this.row(comment, replies);
      this.rows.set(comment.id, { stamp, row });
      return row;
    });
    if (!kept.length) {
      this.root.replaceChildren(el("p", { class: "empty" }, SAY.noComments));
      return;
    }
    for (const [index, row] of kept.entries()) {
      if (this.root.children[index] !== row) this.root.insertBefore(row, this.root.children[index] ?? null);
    }
    while (this.root.children.length > kept.length) this.root.lastElementChild?.remove();
  }

  /** The comment after or before a position, for the keys N and P. */
  next(position_ms: number, direction: 1 | -1): Shown | undefined {
    return direction > 0
      ? this.shown.find((comment) => comment.start_ms > position_ms + 500)
      : this.shown.findLast((comment) => comment.start_ms < position_ms - 1500);
  }

  open(id: string): void {
    const row = this.rows.get(id)?.row;
    if (!row) return;
    for (const each of this.root.children) each.classList.toggle("open", each === row);
    row.scrollIntoView({ block: "nearest" });
  }

  private row(comment: Shown, replies: Shown[]): HTMLElement {
    const writable = this.canWrite(comment);
    const row = el(
      "article",
      { class: comment.waiting ? "comment waiting" : "comment", role: "listitem", testid: "comment-item", style: `--hue:${personHue(comment.author.id)}` },
      this.heading(comment),
      this.body(comment),
      this.tags(comment),
      replies.length ? el("div", { class: "replies" }, ...replies.map((reply) => this.reply(reply))) : null,
      this.footer(comment, writable),
    );
    if (writable && this.replying === comment.id) row.append(this.replyBox(comment));
    return row;
  }

  private heading(comment: Shown): HTMLElement {
    const range = comment.end_ms > comment.start_ms ? ` – ${clock(comment.end_ms)}` : "";
    const marks = [
      comment.pairing_id === null ? "only you" : null,
      comment.edited_at ? "edited" : null,
      comment.waiting ? "being sent …" : null,
    ].filter(Boolean);
    return el(
      "header",
      {},
      comment.reply_to
        ? null
        : el("button", { type: "button", class: "at", testid: "comment-at", onclick: () => this.actions.seek(comment.start_ms) }, clock(comment.start_ms) + range),
      el("span", { class: "author" }, comment.author.name),
      comment.reply_to ? null : el("span", { class: `kind ${comment.kind}` }, KIND_NAMES[comment.kind]),
      marks.length ? el("small", {}, marks.join(" · ")) : null,
    );
  }

  private body(comment: Shown): HTMLElement {
    const parts = splitMoments(comment.body, this.actions.duration_ms()).map(({ text, at_ms }) =>
      at_ms === null ? text : el("button", { type: "button", class: "moment", onclick: () => this.actions.seek(at_ms) }, text),
    );
    return el("p", { class: "body", dir: "auto" }, ...parts);
  }

  private tags(comment: Shown): HTMLElement | null {
    if (!comment.tags.length) return null;
    const named = comment.tags.map((tag) => {
      const title = tag.title ?? this.rubric.criteria.find(({ code }) => code === tag.criterion)?.title ?? tag.criterion;
      const level = this.rubric.levels.find(({ code }) => code === tag.level)?.title ?? tag.level;
      return el("span", { class: "tag" }, level ? `${title}: ${level}` : title);
    });
    return el("div", { class: "tags" }, ...named);
  }

  private reply(reply: Shown): HTMLElement {
    return el("div", { class: "reply", style: `--hue:${personHue(reply.author.id)}` }, this.heading(reply), this.body(reply), this.footer(reply, false));
  }

  private footer(comment: Shown, canReply: boolean): HTMLElement | null {
    const own = comment.mine && !comment.waiting && this.canWrite(comment);
    const buttons = [
      canReply ? this.button("Reply", () => this.openReply(comment), "reply-open") : null,
      own && !comment.reply_to ? this.button("Edit", () => this.actions.edit(comment), "comment-edit") : null,
      own ? this.button("Delete", () => this.actions.remove(comment), "comment-delete") : null,
    ].filter((each) => each !== null);
    return buttons.length ? el("footer", {}, ...buttons) : null;
  }

  private button(name: string, onclick: () => void, testid: string): HTMLElement {
    return el("button", { type: "button", class: "quiet", testid, onclick }, name);
  }

  private canWrite(comment: Shown): boolean {
    return this.conversations.some(({ pairing_id, can_write }) => can_write && pairing_id === comment.pairing_id);
  }

  private openReply(comment: Shown): void {
    this.replying = this.replying === comment.id ? null : comment.id;
    const known = this.rows.get(comment.id);
    if (!known) return;
    known.row.querySelector(".reply-box")?.remove();
    if (this.replying) {
      const box = this.replyBox(comment);
      known.row.append(box);
      box.querySelector("textarea")?.focus();
    }
  }

  private replyBox(comment: Shown): HTMLElement {
    const text = el("textarea", {
      rows: 2,
      "aria-label": `Reply to ${comment.author.name}`,
      testid: "reply-text",
      oninput: () => this.keepReply(comment, text.value),
      onkeydown: ((event: KeyboardEvent) => {
        event.stopPropagation();
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
        if (event.key === "Escape") text.blur();
      }) as EventListener,
    });
    text.value = this.drafts.find(comment.id)?.body ?? "";
    const send = () => {
      const body = text.value.trim();
      if (!body) return;
      this.drafts.drop(comment.id);
      this.replying = null;
      this.rows.get(comment.id)?.row.querySelector(".reply-box")?.remove();
      this.actions.reply(comment, body);
    };
    return el("div", { class: "reply-box" }, text, el("button", { type: "button", class: "save", testid: "reply-save", onclick: send }, "Reply"));
  }

  private keepReply(comment: Shown, body: string): void {
    const { recording_id, pairing_id, start_ms, end_ms } = comment;
    this.drafts.keep(comment.id, { id: "", recording_id, pairing_id, kind: "noticing", start_ms, end_ms, body, tags: [], reply_to: comment.id, pinned: true });
  }
}
