/** The transcript: it follows the lesson, a click on a word plays from there, and one can search in it. */

import { el } from "./dom";
import { clock, indexAt } from "./format";
import type { Segment, Transcript } from "./types";
import { SAY } from "./words";

/** A draft's word is shown as … under this confidence. */
const UNCERTAIN = 0.1;

export class TranscriptPanel {
  readonly root: HTMLElement;
  private readonly list = el("div", { class: "segments", testid: "transcript", tabindex: -1 });
  private readonly notice = el("p", { class: "notice", hidden: true });
  private readonly search: HTMLInputElement;
  private readonly hits = el("span", { class: "hits", "aria-live": "polite" });
  private readonly followButton: HTMLButtonElement;
  private readonly written = new WeakSet<Element>();
  private readonly watcher: IntersectionObserver;
  private segments: Segment[] = [];
  private rows: HTMLElement[] = [];
  private draft = false;
  private following = true;
  private current = -1;
  private word: Element | null = null;
  private found: number[] = [];
  private hit = -1;

  constructor(private readonly seek: (position_ms: number) => void) {
    this.search = el("input", {
      type: "search",
      placeholder: "Search what was said",
      "aria-label": "Search what was said",
      testid: "transcript-search",
      oninput: () => this.find(),
      onkeydown: ((event: KeyboardEvent) => {
        if (event.key === "Enter") this.nextHit(event.shiftKey ? -1 : 1);
      }) as EventListener,
    });
    this.followButton = el(
      "button",
      { type: "button", class: "follow", hidden: true, onclick: () => this.follow() },
      "Follow the lesson",
    );
    this.root = el(
      "div",
      { class: "transcript" },
      el("div", { class: "searching" }, this.search, this.hits),
      this.notice,
      this.list,
      this.followButton,
    );
    this.watcher = new IntersectionObserver((seen) => this.write(seen), { root: this.list, rootMargin: "800px 0px" });
    this.list.addEventListener("click", (event) => this.click(event));
    for (const name of ["wheel", "touchmove", "keydown"]) {
      this.list.addEventListener(name, () => this.stopFollowing(), { passive: true });
    }
  }

  show(transcript: Transcript): void {
    this.segments = transcript.segments;
    this.draft = transcript.draft;
    this.notice.hidden = !transcript.draft;
    this.notice.textContent = transcript.draft ? SAY.draft : "";
    this.watcher.disconnect();
    this.rows = this.segments.map((segment, index) => this.row(segment, index));
    this.list.replaceChildren(...this.rows);
    if (!this.rows.length) this.say(SAY.noTranscript);
    for (const row of this.rows) this.watcher.observe(row);
    this.current = -1;
    this.find();
  }

  say(message: string): void {
    this.list.replaceChildren(el("p", { class: "empty" }, message));
  }

  showPosition(position_ms: number): void {
    const index = indexAt(this.segments, position_ms);
    if (index !== this.current) {
      this.rows[this.current]?.classList.remove("now");
      this.rows[index]?.classList.add("now");
      this.current = index;
      if (this.following) this.scrollTo(index);
    }
    const words = this.segments[index]?.words ?? [];
    const place = indexAt(words.map(([start_ms]) => ({ start_ms })), position_ms);
    const word = this.rows[index]?.querySelectorAll("[data-start-ms]")[place] ?? null;
    if (word === this.word) return;
    this.word?.classList.remove("spoken");
    word?.classList.add("spoken");
    this.word = word;
  }

  private row(segment: Segment, index: number): HTMLElement {
    const starts = index === 0 || this.segments[index - 1]?.speaker !== segment.speaker;
    return el(
      "div",
      { class: "segment", "data-index": index },
      el(
        "button",
        { type: "button", class: "at", "aria-label": `Play from ${clock(segment.start_ms)}`, "data-at": segment.start_ms },
        clock(segment.start_ms),
      ),
      el(
        "div",
        {},
        starts && segment.speaker ? el("span", { class: "speaker" }, segment.speaker) : null,
        el("p", {}, segment.text),
      ),
    );
  }

  /** Words become elements of their own only near the part that is seen: a lesson has thousands. */
  private write(seen: IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting || this.written.has(target)) continue;
      this.written.add(target);
      const segment = this.segments[Number((target as HTMLElement).dataset.index)];
      const text = target.querySelector("p");
      if (!segment || !text || !segment.words.length) continue;
      text.replaceChildren(...segment.words.flatMap((word) => [this.wordElement(word), " "]));
    }
  }

  private wordElement([start_ms, , text, confidence]: Segment["words"][number]): HTMLElement {
    const uncertain = this.draft && confidence !== null && confidence < UNCERTAIN;
    return el(
      "span",
      { class: uncertain ? "uncertain" : false, testid: "word", "data-start-ms": start_ms },
      uncertain ? "…" : text,
    );
  }

  private click(event: Event): void {
    const target = event.target as HTMLElement;
    const at = target.dataset.startMs ?? target.dataset.at ?? target.closest<HTMLElement>(".segment")?.dataset.at;
    if (at === undefined || getSelection()?.toString()) return;
    this.seek(Number(at));
    this.following = true;
    this.followButton.hidden = true;
  }

  private scrollTo(index: number): void {
    const row = this.rows[index];
    if (!row || this.list.offsetParent === null) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const top = row.offsetTop - this.list.clientHeight / 3;
    this.list.scrollTo({ top, behavior: calm ? "instant" : "smooth" });
  }

  private stopFollowing(): void {
    this.following = false;
    this.followButton.hidden = this.current < 0;
  }

  private follow(): void {
    this.following = true;
    this.followButton.hidden = true;
    this.scrollTo(this.current);
  }

  private find(): void {
    const wanted = this.search.value.trim().toLowerCase();
    this.found = [];
    this.rows.forEach((row, index) => {
      const matches = wanted.length > 1 && (this.segments[index]?.text.toLowerCase().includes(wanted) ?? false);
      row.classList.toggle("hit", matches);
      if (matches) this.found.push(index);
    });
    this.hit = -1;
    this.hits.textContent = wanted.length > 1 ? `${this.found.length} found` : "";
  }

  private nextHit(direction: number): void {
    if (!this.found.length) return;
    this.hit = (this.hit + direction + this.found.length) % this.found.length;
    const index = this.found[this.hit] ?? 0;
    this.hits.textContent = `${this.hit + 1} of ${this.found.length}`;
    this.stopFollowing();
    this.scrollTo(index);
    this.seek(this.segments[index]?.start_ms ?? 0);
  }
}
