/** The panels beside the picture: on a wide page comments stand under transcript or clips, on a narrow one each is a tab. */

import { el } from "./dom";

type Name = "comments" | "transcript" | "clips";

const WIDE_PX = 900;
const TITLES: [Name, string][] = [
  ["comments", "Comments"],
  ["transcript", "Transcript"],
  ["clips", "Clips"],
];

export class Panels {
  readonly root: HTMLElement;
  private readonly tabs = new Map<Name, HTMLButtonElement>();
  private readonly panels: Map<Name, HTMLElement>;
  private readonly heading = el("h2", {}, "Comments");
  private chosen: Name = "transcript";
  private wide = true;

  constructor(player: HTMLElement, comments: HTMLElement, transcript: HTMLElement, clips: HTMLElement) {
    this.panels = new Map([
      ["transcript", this.panel("transcript", transcript)],
      ["clips", this.panel("clips", clips)],
      ["comments", this.panel("comments", this.heading, comments)],
    ]);
    const bar = el("div", { class: "tabs", role: "tablist", "aria-label": "Beside the lesson" });
    for (const [name, title] of TITLES) {
      const tab = el(
        "button",
        { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, testid: `tab-${name}`, onclick: () => this.choose(name) },
        title,
      );
      this.tabs.set(name, tab);
      bar.append(tab);
    }
    bar.addEventListener("keydown", (event) => this.key(event));
    this.root = el("div", { class: "panels" }, bar, ...this.panels.values());
    new ResizeObserver(([entry]) => this.resize(player, entry?.contentRect.width ?? WIDE_PX)).observe(player);
    this.draw();
  }

  choose(name: Name): void {
    if (!this.wide || name !== "comments") this.chosen = name;
    this.draw();
  }

  /** How many comments there are, in the tab and in the heading. */
  count(comments: number): void {
    const text = comments ? `Comments (${comments})` : "Comments";
    this.heading.textContent = text;
    const tab = this.tabs.get("comments");
    if (tab) tab.textContent = text;
  }

  private resize(player: HTMLElement, width: number): void {
    const wide = width >= WIDE_PX;
    player.classList.toggle("wide", wide);
    if (wide === this.wide) return;
    this.wide = wide;
    if (!wide) this.chosen = "comments";
    else if (this.chosen === "comments") this.chosen = "transcript";
    this.draw();
  }

  private panel(name: Name, ...content: HTMLElement[]): HTMLElement {
    return el("div", { class: `panel ${name}-panel`, role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}` }, ...content);
  }

  private draw(): void {
    for (const [name, tab] of this.tabs) {
      const beside = this.wide && name === "comments";
      tab.hidden = beside;
      tab.setAttribute("aria-selected", String(name === this.chosen));
      tab.tabIndex = name === this.chosen ? 0 : -1;
      const panel = this.panels.get(name);
      if (panel) panel.hidden = !beside && name !== this.chosen;
    }
  }

  private key(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.stopPropagation();
    const names = TITLES.map(([name]) => name).filter((name) => !this.tabs.get(name)?.hidden);
    const next = names[(names.indexOf(this.chosen) + step + names.length) % names.length];
    if (!next) return;
    this.choose(next);
    this.tabs.get(next)?.focus();
  }
}
