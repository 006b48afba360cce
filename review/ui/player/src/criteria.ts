/** Choosing criteria and, where the pair has turned them on, levels. */

import { el } from "./dom";
import type { Criterion, Rubric, Tag } from "./types";

/** As many can be chosen by a key, and stand there before all are shown. */
export const BY_KEY = 9;

export class CriteriaChoice {
  readonly root: HTMLElement;
  private readonly chips = el("div", { class: "chips", role: "group", "aria-label": "Criteria" });
  private readonly chosenLevels = el("div", { class: "levels" });
  private readonly filter: HTMLInputElement;
  private tags: Tag[] = [];
  private all = false;
  private levelsOn = false;

  constructor(
    private readonly rubric: Rubric,
    private readonly changed: () => void,
  ) {
    this.filter = el("input", {
      type: "search",
      placeholder: "Find a criterion",
      "aria-label": "Find a criterion",
      hidden: true,
      oninput: () => this.draw(),
    });
    this.root = el("div", { class: "criteria" }, this.filter, this.chips, this.chosenLevels);
    this.draw();
  }

  get chosen(): Tag[] {
    return this.tags.map(({ criterion, level }) => ({ criterion, level: this.levelsOn ? level : null }));
  }

  choose(tags: Tag[]): void {
    this.tags = tags.map(({ criterion, level }) => ({ criterion, level }));
    this.draw();
  }

  offerLevels(on: boolean): void {
    this.levelsOn = on;
    this.draw();
  }

  /** Choose or leave the criterion with that number, as its key does. */
  toggleByKey(number: number): void {
    const criterion = this.rubric.criteria[number - 1];
    if (criterion) this.toggle(criterion);
  }

  private toggle(criterion: Criterion): void {
    const kept = this.tags.filter((tag) => tag.criterion !== criterion.code);
    this.tags = kept.length < this.tags.length ? kept : [...this.tags, { criterion: criterion.code, level: null }];
    this.draw();
    this.changed();
  }

  private draw(): void {
    this.filter.hidden = !this.all;
    const wanted = this.filter.value.trim().toLowerCase();
    const shown = this.rubric.criteria
      .map((criterion, index) => ({ criterion, index }))
      .filter(({ criterion, index }) => {
        if (this.tags.some((tag) => tag.criterion === criterion.code)) return true;
        if (!this.all) return index < BY_KEY;
        return `${criterion.category} ${criterion.title} ${criterion.indicators.join(" ")}`.toLowerCase().includes(wanted);
      });
    const more = el(
      "button",
      {
        type: "button",
        class: "more",
        testid: "criteria-more",
        "aria-expanded": String(this.all),
        onclick: () => {
          this.all = !this.all;
          this.filter.value = "";
          this.draw();
        },
      },
      this.all ? "Fewer" : `All ${this.rubric.criteria.length} criteria`,
    );
    this.chips.replaceChildren(...this.grouped(shown), ...(this.rubric.criteria.length > BY_KEY ? [more] : []));
    this.drawLevels();
  }

  private grouped(shown: { criterion: Criterion; index: number }[]): Node[] {
    const nodes: Node[] = [];
    let category = "";
    for (const { criterion, index } of shown) {
      if (this.all && criterion.category !== category) {
        category = criterion.category;
        nodes.push(el("span", { class: "category" }, category));
      }
      nodes.push(this.chip(criterion, index));
    }
    return nodes;
  }

  private chip(criterion: Criterion, index: number): HTMLElement {
    const chosen = this.tags.some((tag) => tag.criterion === criterion.code);
    return el(
      "button",
      {
        type: "button",
        class: "chip",
        testid: "comment-criterion",
        "aria-pressed": String(chosen),
        title: [criterion.category, ...criterion.indicators].join("\n· "),
        onclick: () => this.toggle(criterion),
      },
      index < BY_KEY ? el("kbd", {}, String(index + 1)) : null,
      criterion.title,
    );
  }

  private drawLevels(): void {
    const { levels } = this.rubric;
    if (!this.levelsOn || !levels.length) {
      this.chosenLevels.replaceChildren();
      return;
    }
    this.chosenLevels.replaceChildren(
      ...this.tags.map((tag) => {
        const title = this.rubric.criteria.find(({ code }) => code === tag.criterion)?.title ?? tag.criterion;
        const choices = levels.map((level) =>
          el(
            "button",
            {
              type: "button",
              class: "chip",
              testid: "comment-level",
              "aria-pressed": String(tag.level === level.code),
              onclick: () => {
                tag.level = tag.level === level.code ? null : level.code;
                this.drawLevels();
                this.changed();
              },
            },
            level.title,
          ),
        );
        return el("div", { class: "chips", role: "group", "aria-label": `Level of ${title}` }, el("span", { class: "category" }, title), ...choices);
      }),
    );
  }
}
