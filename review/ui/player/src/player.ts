/** The whole player: puts the parts together and lets them know of each other. */

import { Api, newId, Refused, Unreachable } from "./api";
import { ClipsPanel } from "./clips";
import { CommentsPanel, type Shown } from "./comments";
import { el, fill, icon, ICONS } from "./dom";
import { Drafts } from "./drafts";
import { Editor } from "./editor";
import { Feedback } from "./feedback";
import { timeLeft } from "./format";
import { keysDialog, listenForKeys } from "./keys";
import { Panels } from "./panels";
import { Stage } from "./stage";
import { Timeline } from "./timeline";
import { TranscriptPanel } from "./transcript";
import type { Comment, Lesson, NewComment, Recording } from "./types";
import { SAY, STEP_NAMES } from "./words";

const RUN_POLL_MS = 2000;

export interface PlayerArguments {
  lesson_id: string;
  csrf: string;
  start_ms: number;
}

export class Player {
  private readonly api: Api;
  private readonly bar = el("div", { class: "bar", role: "status", "aria-live": "polite", hidden: true });
  private readonly toast = el("div", { class: "toast", role: "status", hidden: true });
  private readonly progress = el("div", { class: "progress", testid: "run-progress", hidden: true });
  private readonly dialog = keysDialog();
  private readonly stage = new Stage((message) => this.say(message), () => this.dialog.showModal());
  private readonly timeline = new Timeline((at) => this.stage.seek(at), (id) => this.openComment(id));
  private readonly transcript = new TranscriptPanel((at) => this.stage.seek(at));
  private readonly clips = new ClipsPanel((at) => this.stage.seek(at));
  private readonly ends: (() => void)[] = [];
  private comments: CommentsPanel | null = null;
  private editor: Editor | null = null;
  private feedback: Feedback | null = null;
  private panels: Panels | null = null;
  private recording: Recording | null = null;
  private transcriptVersion = -1;
  private clipsShown = false;
  private marksShown = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly given: PlayerArguments,
  ) {
    this.api = new Api(given.lesson_id, given.csrf);
    fill(root, el("p", { class: "empty" }, SAY.loading));
    void this.open();
  }

  /** Go to a moment that the page's address asks for. */
  seek(position_ms: number): void {
    this.stage.seek(position_ms);
  }

  destroy(): void {
    for (const end of this.ends) end();
    this.feedback?.stop();
    this.stage.video.removeAttribute("src");
    this.stage.video.load();
  }

  private async open(): Promise<void> {
    try {
      this.build(await this.api.lesson());
    } catch (error) {
      if (error instanceof Refused && error.status === 404) {
        fill(this.root, el("p", { class: "empty", testid: "not-found" }, SAY.notFound));
        return;
      }
      fill(this.root, this.bar, el("p", { class: "empty" }, SAY.loading));
      this.trouble(error);
      const timer = setTimeout(() => void this.open(), RUN_POLL_MS);
      this.ends.push(() => clearTimeout(timer));
    }
  }

  private build(lesson: Lesson): void {
    const drafts = new Drafts(lesson.id, lesson.me.id);
    const feedback = new Feedback(this.api, drafts, lesson.me, {
      changed: (comments) => this.showComments(comments),
      trouble: (error) => this.trouble(error),
      fine: () => this.say(null),
      conflict: (current, body) => {
        this.editor?.rebase(current, body);
        this.say(SAY.conflict);
      },
      refused: (message, comment) => this.giveBack(message, comment),
    });
    this.feedback = feedback;
    this.comments = new CommentsPanel(lesson.rubric, lesson.conversations, drafts, {
      seek: (at) => this.stage.seek(at),
      edit: (comment) => this.editor?.edit(comment),
      remove: (comment) => this.remove(comment),
      reply: (comment, body) => this.reply(comment, body),
      duration_ms: () => this.stage.duration_ms || (this.recording?.duration_ms ?? 0),
    });
    const writable = lesson.conversations.filter(({ can_write }) => can_write);
    this.editor = writable.length ? this.makeEditor(lesson, drafts, feedback) : null;
    this.panels = new Panels(this.root, this.comments.root, this.transcript.root, this.clips.root);
    this.place(lesson);
    this.listen();
    this.update(lesson);
    feedback.start();
  }

  private makeEditor(lesson: Lesson, drafts: Drafts, feedback: Feedback): Editor {
    const writable = lesson.conversations.filter(({ can_write }) => can_write);
    return new Editor(lesson, writable, drafts, {
      position_ms: () => this.stage.position_ms,
      recordingId: () => this.recording?.id ?? "",
      send: (comment) => feedback.send(comment),
      update: (comment, change) => void feedback.change(this.api.edit(comment.id, change), change.body),
      showRange: (start_ms, end_ms) => this.timeline.showRange(start_ms, end_ms),
      setLevels: (id, on) => void this.api.setLevels(id, on).catch((error: unknown) => this.trouble(error)),
    });
  }

  private place(lesson: Lesson): void {
    const taught = [lesson.teachers.map(({ name }) => name).join(" and "), lesson.subject, lesson.grade, lesson.taught_on];
    fill(
      this.root,
      el(
        "div",
        { class: "left" },
        el("div", { class: "stage" }, this.stage.picture, this.progress, this.timeline.root, this.stage.controls),
        this.editor?.root ?? el("p", { class: "notice" }, SAY.readOnly),
        el(
          "div",
          { class: "about" },
          el("h1", {}, lesson.title),
          el("p", {}, taught.filter(Boolean).join(" · ")),
          el("p", { class: "why", testid: "why" }, icon(ICONS.lock), lesson.why.join(" ")),
        ),
      ),
      el("div", { class: "right" }, this.panels?.root),
      this.bar,
      this.toast,
      this.dialog,
    );
  }

  private listen(): void {
    const { video } = this.stage;
    let frame = 0;
    const follow = () => {
      this.showPosition();
      frame = this.stage.playing ? requestAnimationFrame(follow) : 0;
    };
    video.addEventListener("play", () => {
      cancelAnimationFrame(frame);
      follow();
    });
    for (const name of ["seeking", "seeked", "timeupdate"]) video.addEventListener(name, () => this.showPosition());
    video.addEventListener("durationchange", () => this.measure());
    this.ends.push(() => cancelAnimationFrame(frame));
    this.ends.push(listenForKeys(this.root, this.keyActions(), () => this.dialog.showModal()));
    const awake = () => void this.feedback?.look();
    window.addEventListener("online", awake);
    document.addEventListener("visibilitychange", awake);
    this.ends.push(() => {
      window.removeEventListener("online", awake);
      document.removeEventListener("visibilitychange", awake);
    });
  }

  private keyActions() {
    return {
      toggle: () => this.stage.toggle(),
      move: (seconds: number) => this.stage.move(seconds),
      step: (frames: number) => this.stage.step(frames),
      comment: () => this.editor?.focus(),
      markIn: () => this.editor?.markIn(),
      markOut: () => this.editor?.markOut(),
      neighbour: (direction: 1 | -1) => {
        const found = this.comments?.next(this.stage.position_ms, direction);
        if (found) this.openComment(found.id);
      },
      criterion: (number: number) => this.editor?.criteria.toggleByKey(number),
    };
  }

  /** The lesson as it is now: called again while it is being processed. */
  private update(lesson: Lesson): void {
    this.recording = lesson.recordings[0] ?? null;
    if (this.recording) {
      this.stage.load(this.recording, this.given.start_ms);
      this.measure();
    }
    this.showRun(lesson);
    const finished = lesson.run === null || !["waiting", "running"].includes(lesson.run.state);
    void this.loadContent(finished);
    if (finished) return;
    const timer = setTimeout(() => {
      this.api.lesson().then(
        (next) => this.update(next),
        (error: unknown) => {
          this.trouble(error);
          this.update(lesson);
        },
      );
    }, RUN_POLL_MS);
    this.ends.push(() => clearTimeout(timer));
  }

  private async loadContent(finished: boolean): Promise<void> {
    const recording = this.recording;
    if (!recording) return;
    await Promise.all([this.loadTranscript(recording, finished), this.loadClips(recording, finished), this.loadMarks(recording)]);
  }

  private async loadTranscript(recording: Recording, finished: boolean): Promise<void> {
    try {
      const transcript = await this.api.transcript(recording.id);
      if (transcript.version === this.transcriptVersion) return;
      this.transcriptVersion = transcript.version;
      this.transcript.show(transcript);
      this.stage.caption(transcript.segments, transcript.language);
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404)) this.trouble(error);
      else if (this.transcriptVersion < 0) this.transcript.say(finished ? SAY.noTranscript : SAY.transcriptComing);
    }
  }

  private async loadClips(recording: Recording, finished: boolean): Promise<void> {
    if (this.clipsShown) return;
    try {
      const clips = await this.api.clips(recording.id);
      if (!clips.length && !finished) return;
      this.clipsShown = true;
      this.clips.show(clips);
      this.timeline.showClips(clips);
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404)) this.trouble(error);
    }
  }

  /** The pictures for hovering and the sound's shape; a lesson can do without. */
  private async loadMarks(recording: Recording): Promise<void> {
    const { thumbnails, peaks } = recording.urls;
    if (this.marksShown || (!thumbnails && !peaks)) return;
    this.marksShown = true;
    if (thumbnails) {
      const url = new URL(thumbnails, location.href).href;
      await this.api.text(url).then((vtt) => this.timeline.showThumbnails(vtt, url), () => undefined);
    }
    if (peaks) {
      const read = async () => JSON.parse(await this.api.text(peaks)) as { peaks: number[] };
      await read().then((document) => this.timeline.showPeaks(document.peaks), () => undefined);
    }
  }

  private measure(): void {
    const duration_ms = this.stage.duration_ms || (this.recording?.duration_ms ?? 0);
    this.timeline.showDuration(duration_ms);
    this.showPosition();
    if (this.feedback) this.showComments(this.feedback.shown());
  }

  private showPosition(): void {
    const { position_ms } = this.stage;
    this.timeline.showPosition(position_ms);
    this.transcript.showPosition(position_ms);
    this.clips.showPosition(position_ms);
    this.editor?.showPosition(position_ms);
  }

  private showComments(comments: Shown[]): void {
    this.comments?.show(comments);
    this.timeline.showComments(comments);
    this.panels?.count(comments.filter(({ reply_to }) => !reply_to).length);
  }

  private showRun({ run }: Lesson): void {
    this.progress.hidden = run === null || run.state === "done";
    if (!run || run.state === "done") return;
    if (run.state === "failed" || run.state === "cancelled") {
      const again = el("button", { type: "button", class: "save", testid: "run-retry", onclick: () => void this.retry() }, "Try again");
      const message = run.error_message ?? "The processing stopped.";
      fill(this.progress, el("p", {}, `${message} The original recording is still there.`), again);
      return;
    }
    const percent = Math.round(run.share * 100);
    const step = run.state === "waiting" ? "Waiting for its turn" : (STEP_NAMES[run.step ?? ""] ?? "Processing");
    const left = timeLeft(run.seconds_left);
    fill(
      this.progress,
      el("p", {}, `${step}: ${percent} % done${left ? `, ${left}` : ""}`),
      el("progress", { max: 100, value: percent, "aria-label": step }),
    );
  }

  private async retry(): Promise<void> {
    if (!this.recording) return;
    try {
      await this.api.retry(this.recording.id);
      this.update(await this.api.lesson());
    } catch (error) {
      this.trouble(error);
    }
  }

  private openComment(id: string): void {
    const comment = this.feedback?.shown().find((each) => each.id === id);
    if (!comment) return;
    this.stage.seek(comment.start_ms);
    this.panels?.choose("comments");
    this.comments?.open(id);
  }

  private reply(comment: Comment, body: string): void {
    const { recording_id, pairing_id, start_ms, end_ms } = comment;
    this.feedback?.send({ id: newId(), recording_id, pairing_id, kind: "noticing", start_ms, end_ms, body, tags: [], reply_to: comment.id });
  }

  private remove(comment: Comment): void {
    void this.feedback?.change(this.api.remove(comment.id), comment.body);
    const undo = el("button", { type: "button", testid: "undo", onclick: () => {
      this.toast.hidden = true;
      void this.feedback?.change(this.api.restore(comment.id), comment.body);
    } }, SAY.undo);
    fill(this.toast, SAY.deleted, undo);
    this.toast.hidden = false;
    setTimeout(() => (this.toast.hidden = true), 10_000);
  }

  /** What the server would not keep goes back to where it was written. */
  private giveBack(message: string, comment: NewComment): void {
    this.editor?.giveBack(comment);
    this.say(message);
  }

  private trouble(error: unknown): void {
    if (error instanceof Unreachable) this.say(SAY.unreachable);
    else if (error instanceof Refused && error.status === 401) {
      const next = encodeURIComponent(location.pathname + location.search);
      this.say(SAY.signedOut, el("a", { href: `/sign-in?next=${next}`, target: "_blank", rel: "noopener" }, SAY.signIn));
    } else if (error instanceof Refused) this.say(error.message);
    else throw error;
  }

  private say(message: string | null, ...more: Node[]): void {
    this.bar.hidden = message === null;
    if (message !== null) fill(this.bar, message, ...more);
  }
}
