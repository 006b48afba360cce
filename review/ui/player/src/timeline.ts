/** The timeline: where one is, the sound's shape, the clips as a band, the comments as dots. */

import { el, personHue } from "./dom";
import { clock, indexAt, parseThumbnails, spokenClock, type Thumbnail } from "./format";
import type { Clip, Comment } from "./types";

export class Timeline {
  readonly root: HTMLElement;
  private readonly played = el("div", { class: "played" });
  private readonly head = el("div", { class: "head" });
  private readonly dots = el("div", { class: "dots", role: "group", "aria-label": "Comments on the timeline" });
  private readonly band = el("div", { class: "band", role: "group", "aria-label": "Clips on the timeline" });
  private readonly wave = el("canvas", { class: "wave", "aria-hidden": "true" });
  private readonly range = el("div", { class: "range", hidden: true });
  private readonly tip = el("div", { class: "tip", hidden: true });
  private readonly track: HTMLElement;
  private duration_ms = 0;
  private thumbnails: Thumbnail[] = [];

  constructor(
    private readonly seek: (position_ms: number) => void,
    private readonly openComment: (id: string) => void,
  ) {
    this.track = el(
      "div",
      {
        class: "track",
        testid: "timeline",
        role: "slider",
        tabindex: 0,
        "aria-label": "Position",
        "aria-valuemin": 0,
        "aria-valuemax": 0,
        "aria-valuenow": 0,
      },
      this.wave,
      this.played,
      this.range,
      this.head,
    );
    this.root = el("div", { class: "timeline" }, this.dots, this.track, this.band, this.tip);
    this.listen();
  }

  showDuration(duration_ms: number): void {
    this.duration_ms = duration_ms;
    this.track.setAttribute("aria-valuemax", String(Math.round(duration_ms / 1000)));
  }

  showPosition(position_ms: number): void {
    const share = this.share(position_ms);
    this.played.style.width = share;
    this.head.style.left = share;
    this.track.setAttribute("aria-valuenow", String(Math.round(position_ms / 1000)));
    this.track.setAttribute("aria-valuetext", spokenClock(position_ms));
  }

  /** The range that the comment being written is about; none is shown for a moment. */
  showRange(start_ms: number, end_ms: number): void {
    this.range.hidden = end_ms <= start_ms;
    this.range.style.left = this.share(start_ms);
    this.range.style.width = `calc(${this.share(end_ms)} - ${this.share(start_ms)})`;
  }

  showClips(clips: Clip[]): void {
    this.band.replaceChildren(
      ...clips.map((clip) =>
        el(
          "button",
          {
            type: "button",
            tabindex: -1,
            style: `left:${this.share(clip.start_ms)};width:calc(${this.share(clip.end_ms)} - ${this.share(clip.start_ms)} - 2px)`,
            title: `${clock(clip.start_ms)} ${clip.title}`,
            "aria-label": `Clip at ${spokenClock(clip.start_ms)}: ${clip.title}`,
            onclick: () => this.seek(clip.start_ms),
          },
          clip.title,
        ),
      ),
    );
  }

  showComments(comments: Comment[]): void {
    const shown = comments.filter((comment) => !comment.reply_to);
    this.dots.replaceChildren(
      ...shown.map((comment) =>
        el("button", {
          type: "button",
          tabindex: -1,
          class: comment.end_ms > comment.start_ms ? "dot long" : "dot",
          testid: "comment-dot",
          style: `left:${this.share(comment.start_ms)};--hue:${personHue(comment.author.id)};--length:calc(${this.share(comment.end_ms)} - ${this.share(comment.start_ms)})`,
          title: `${clock(comment.start_ms)} ${comment.author.name}: ${comment.body.slice(0, 80)}`,
          "aria-label": `Comment by ${comment.author.name} at ${spokenClock(comment.start_ms)}`,
          onclick: () => this.openComment(comment.id),
        }),
      ),
    );
  }

  showThumbnails(vtt: string, base: string): void {
    this.thumbnails = parseThumbnails(vtt, base);
  }

  /** The sound's shape, drawn once for a width that is enough for a wide screen. */
  showPeaks(peaks: number[]): void {
    const [width, height] = [1600, 48];
    this.wave.width = width;
    this.wave.height = height;
    const pen = this.wave.getContext("2d");
    if (!pen || !peaks.length) return;
    pen.fillStyle = getComputedStyle(this.track).getPropertyValue("--wave") || "#8895a7";
    const loudest = Math.max(1, ...peaks.slice(0, 100_000));
    for (let x = 0; x < width; x += 2) {
      const [from, to] = [Math.floor((x / width) * peaks.length), Math.ceil(((x + 2) / width) * peaks.length)];
      let peak = 0;
      for (let index = from; index < to; index += 1) peak = Math.max(peak, peaks[index] ?? 0);
      const tall = Math.max(1, (peak / loudest) * height);
      pen.fillRect(x, (height - tall) / 2, 1.4, tall);
    }
  }

  private share(position_ms: number): string {
    if (!this.duration_ms) return "0%";
    return `${Math.min(100, (position_ms / this.duration_ms) * 100).toFixed(4)}%`;
  }

  private at(event: PointerEvent): number {
    const box = this.track.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * this.duration_ms;
  }

  private listen(): void {
    const { track } = this;
    track.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      track.setPointerCapture(event.pointerId);
      this.seek(this.at(event));
    });
    track.addEventListener("pointermove", (event) => {
      if (track.hasPointerCapture(event.pointerId)) this.seek(this.at(event));
      this.hover(event);
    });
    track.addEventListener("pointerleave", () => (this.tip.hidden = true));
    track.addEventListener("keydown", (event) => {
      if (event.key === "Home") this.seek(0);
      else if (event.key === "End") this.seek(this.duration_ms);
      else return;
      event.preventDefault();
    });
  }

  private hover(event: PointerEvent): void {
    const position_ms = this.at(event);
    const found = this.thumbnails[indexAt(this.thumbnails, position_ms)];
    const box = this.root.getBoundingClientRect();
    const half = (found?.width ?? 60) / 2 + 6;
    this.tip.hidden = false;
    this.tip.style.left = `${Math.min(box.width - half, Math.max(half, event.clientX - box.left))}px`;
    const picture = found
      ? el("div", {
          class: "thumbnail",
          style: `width:${found.width}px;height:${found.height}px;background:url("${encodeURI(found.url)}") -${found.x}px -${found.y}px`,
        })
      : null;
    this.tip.replaceChildren(...(picture ? [picture] : []), el("span", {}, clock(position_ms)));
  }
}
