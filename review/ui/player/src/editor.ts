/** Writing a comment: stamped where one begins to type, kept on this device until the server has it. */

import { newId } from "./api";
import { CriteriaChoice } from "./criteria";
import { el } from "./dom";
import type { Draft, Drafts } from "./drafts";
import { clock } from "./format";
import { KINDS, type Comment, type Conversation, type Kind, type Lesson, type NewComment } from "./types";
import { KIND_NAMES } from "./words";

interface Places {
  position_ms(): number;
  recordingId(): string;
  send(comment: NewComment): void;
  update(comment: Comment, change: Pick<Comment, "body" | "kind" | "tags" | "revision">): void;
  showRange(start_ms: number, end_ms: number): void;
  setLevels(pairingId: string, on: boolean): void;
}

const DRAFT = "";

export class Editor {
  readonly root: HTMLElement;
  readonly criteria: CriteriaChoice;
  private readonly text: HTMLTextAreaElement;
  private readonly stamp = el("button", { type: "button", class: "stamp", title: "Take the present moment", onclick: () => this.restamp() });
  private readonly save: HTMLButtonElement;
  private readonly cancel = el("button", { type: "button", class: "quiet", hidden: true, onclick: () => this.clear() }, "Cancel");
  private readonly kinds: HTMLElement;
  private readonly levels: HTMLElement;
  private conversation: Conversation;
  private kind: Kind = "noticing";
  private start_ms = 0;
  private end_ms = 0;
  private pinned = false;
  private id = newId();
  private edited: Comment | null = null;

  constructor(
    lesson: Lesson,
    private readonly writable: Conversation[],
    private readonly drafts: Drafts,
    private readonly places: Places,
  ) {
    this.conversation = writable[0] ?? { pairing_id: null, title: "", can_write: false, levels_on: false };
    this.criteria = new CriteriaChoice(lesson.rubric, () => this.keep());
    this.text = el("textarea", {
      rows: 2,
      placeholder: "Begin to type where you notice something …",
      "aria-label": "Comment",
      testid: "comment-text",
      oninput: () => this.typed(),
      onkeydown: ((event: KeyboardEvent) => this.key(event)) as EventListener,
    });
    this.save = el("button", { type: "button", class: "save", testid: "comment-save", disabled: true, onclick: () => this.finish() }, "Save");
    this.kinds = el("div", { class: "chips", role: "group", "aria-label": "Kind of comment" });
    this.levels = el("label", { class: "levels-on" });
    this.root = el(
      "section",
      { class: "editor", testid: "comment-editor", "aria-label": "Write a comment" },
      this.text,
      el("div", { class: "row" }, this.stamp, this.mark("I", "From here", () => this.markIn()), this.mark("O", "Up to here", () => this.markOut()), this.kinds),
      this.criteria.root,
      el("div", { class: "row end" }, this.levels, this.conversationChoice(), this.cancel, this.save),
    );
    this.useConversation(this.conversation);
    this.restore();
    this.draw();
  }

  focus(): void {
    this.text.focus();
  }

  /** Whether text or criteria stand in the editor that are not saved. */
  get busy(): boolean {
    return Boolean(this.text.value.trim() || this.criteria.chosen.length);
  }

  /** Called as the lesson plays: an empty editor shows the present moment. */
  showPosition(position_ms: number): void {
    if (this.pinned || this.busy || this.edited) return;
    this.start_ms = this.end_ms = position_ms;
    this.drawStamp();
  }

  markIn(): void {
    this.start_ms = this.places.position_ms();
    this.end_ms = Math.max(this.start_ms, this.end_ms);
    this.pin();
  }

  markOut(): void {
    this.end_ms = this.places.position_ms();
    if (!this.pinned && !this.busy) this.start_ms = Math.max(0, this.end_ms - 5000);
    this.start_ms = Math.min(this.start_ms, this.end_ms);
    this.pin();
  }

  /** Change a comment of one's own in the editor. */
  edit(comment: Comment): void {
    this.edited = comment;
    this.text.value = comment.body;
    this.kind = comment.kind;
    this.criteria.choose(comment.tags);
    this.start_ms = comment.start_ms;
    this.end_ms = comment.end_ms;
    this.draw();
    this.focus();
  }

  /** The comment was changed elsewhere: what stands in the editor replaces it with the next saving. */
  rebase(comment: Comment, body: string): void {
    this.edit(comment);
    this.text.value = body;
    this.draw();
  }

  /** Text that the server would not keep comes back, unless something newer is being written. */
  giveBack(comment: NewComment): void {
    if (this.busy || comment.reply_to) return;
    this.drafts.keep(DRAFT, { ...comment, id: newId(), pinned: true });
    this.restore();
    this.draw();
  }

  private typed(): void {
    if (!this.pinned && !this.edited) {
      this.start_ms = this.end_ms = this.places.position_ms();
      this.pinned = true;
    }
    this.keep();
    this.draw();
  }

  private restamp(): void {
    this.start_ms = this.end_ms = this.places.position_ms();
    this.pin();
  }

  private pin(): void {
    this.pinned = true;
    this.keep();
    this.draw();
  }

  private keep(): void {
    if (!this.pinned && this.criteria.chosen.length && !this.edited) {
      this.start_ms = this.end_ms = this.places.position_ms();
      this.pinned = true;
    }
    if (!this.edited) this.drafts.keep(DRAFT, this.draft());
    this.draw();
  }

  private draft(): Draft {
    return {
      id: this.id,
      recording_id: this.places.recordingId(),
      pairing_id: this.conversation.pairing_id,
      kind: this.kind,
      start_ms: this.start_ms,
      end_ms: this.end_ms,
      body: this.text.value,
      tags: this.criteria.chosen,
      reply_to: null,
      pinned: this.pinned,
    };
  }

  private restore(): void {
    const kept = this.drafts.find(DRAFT);
    if (!kept) return;
    this.text.value = kept.body;
    this.kind = kept.kind;
    this.start_ms = kept.start_ms;
    this.end_ms = kept.end_ms;
    this.pinned = true;
    this.id = kept.id;
    this.criteria.choose(kept.tags);
    const known = this.writable.find(({ pairing_id }) => pairing_id === kept.pairing_id);
    if (known) this.useConversation(known);
  }

  private finish(): void {
    const body = this.text.value.trim();
    if (!body) return;
    if (this.edited) {
      this.places.update(this.edited, { body, kind: this.kind, tags: this.criteria.chosen, revision: this.edited.revision });
    } else {
      const { pinned: _, ...comment } = this.draft();
      this.places.send({ ...comment, body });
    }
    this.clear();
  }

  private clear(): void {
    if (!this.edited) this.drafts.drop(DRAFT);
    this.text.value = "";
    this.criteria.choose([]);
    this.kind = "noticing";
    this.edited = null;
    this.pinned = false;
    this.id = newId();
    this.start_ms = this.end_ms = this.places.position_ms();
    this.draw();
  }

  private key(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.finish();
    else if (event.key === "Escape") this.text.blur();
    else return;
    event.preventDefault();
  }

  private draw(): void {
    this.drawStamp();
    this.save.disabled = !this.text.value.trim();
    this.save.textContent = this.edited ? "Save changes" : "Save";
    this.cancel.hidden = !this.busy && !this.edited && !this.pinned;
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(240, Math.max(56, this.text.scrollHeight + 2))}px`;
    this.kinds.replaceChildren(
      ...KINDS.map((kind) =>
        el(
          "button",
          {
            type: "button",
            class: "chip",
            "aria-pressed": String(kind === this.kind),
            onclick: () => {
              this.kind = kind;
              this.keep();
            },
          },
          KIND_NAMES[kind],
        ),
      ),
    );
  }

  private drawStamp(): void {
    const range = this.end_ms > this.start_ms ? ` to ${clock(this.end_ms)}` : "";
    this.stamp.textContent = `at ${clock(this.start_ms)}${range}`;
    this.places.showRange(this.start_ms, this.end_ms);
  }

  private mark(key: string, name: string, onclick: () => void): HTMLElement {
    return el("button", { type: "button", class: "quiet", title: `${name} (${key})`, onclick }, name);
  }

  private useConversation(conversation: Conversation): void {
    this.conversation = conversation;
    this.criteria.offerLevels(conversation.levels_on);
    const { pairing_id } = conversation;
    if (!pairing_id) {
      this.levels.replaceChildren();
      return;
    }
    const box = el("input", {
      type: "checkbox",
      checked: conversation.levels_on,
      onchange: () => {
        conversation.levels_on = box.checked;
        this.criteria.offerLevels(box.checked);
        this.places.setLevels(pairing_id, box.checked);
      },
    });
    this.levels.title = "Levels are offered only where the pair has turned them on; it counts for both of you.";
    this.levels.replaceChildren(box, "Levels");
  }

  private conversationChoice(): HTMLElement {
    if (this.writable.length < 2) return el("span", { class: "with" }, this.conversation.title);
    const choice = el(
      "select",
      {
        "aria-label": "Who sees it",
        testid: "comment-conversation",
        onchange: () => {
          const chosen = this.writable[choice.selectedIndex];
          if (chosen) this.useConversation(chosen);
          this.keep();
        },
      },
      ...this.writable.map((each) => el("option", { selected: each === this.conversation }, each.title)),
    );
    return choice;
  }
}
