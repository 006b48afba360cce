/** The clips as a list: what each is about, how long, and why it begins there. */

import { el } from "./dom";
import { clock, indexAt } from "./format";
import type { Clip } from "./types";
import { SAY } from "./words";

export class ClipsPanel {
  readonly root = el("div", { class: "clips" });
  private clips: Clip[] = [];
  private rows: HTMLElement[] = [];
  private current = -1;

  constructor(private readonly seek: (position_ms: number) => void) {
    this.say(SAY.clipsComing);
  }

  show(clips: Clip[]): void {
    this.clips = clips;
    this.rows = clips.map((clip) => this.row(clip));
    this.current = -1;
    if (this.rows.length) this.root.replaceChildren(...this.rows);
    else this.say(SAY.noClips);
  }

  say(message: string): void {
    this.root.replaceChildren(el("p", { class: "empty" }, message));
  }

  showPosition(position_ms: number): void {
    const index = indexAt(this.clips, position_ms);
    if (index === this.current) return;
    this.rows[this.current]?.removeAttribute("aria-current");
    this.rows[index]?.setAttribute("aria-current", "true");
    this.current = index;
  }

  private row(clip: Clip): HTMLElement {
    return el(
      "button",
      { type: "button", class: "clip", testid: "clip", onclick: () => this.seek(clip.start_ms) },
      el("span", { class: "at" }, clock(clip.start_ms)),
      el(
        "span",
        { class: "what" },
        el("strong", {}, clip.title || "Untitled"),
        el("small", {}, `${clock(clip.end_ms - clip.start_ms)} long · ${clip.reason}`),
      ),
    );
  }
}
