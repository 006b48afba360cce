/** The keyboard, with the habits of editors; never while a person types. */

import { el } from "./dom";
import { KEY_LIST } from "./words";

export interface KeyActions {
  toggle(): void;
  move(seconds: number): void;
  step(frames: number): void;
  comment(): void;
  markIn(): void;
  markOut(): void;
  neighbour(direction: 1 | -1): void;
  criterion(number: number): void;
}

const TYPING = "input:not([type=range]):not([type=checkbox]), textarea, select, [contenteditable=true], [role=dialog] *";

/** Listen for keys until the returned function is called. `root` tells whether the player is on the page. */
export function listenForKeys(root: HTMLElement, actions: KeyActions, showKeys: () => void): () => void {
  const plain: Record<string, () => void> = {
    " ": actions.toggle,
    k: actions.toggle,
    j: () => actions.move(-10),
    l: () => actions.move(10),
    arrowleft: () => actions.move(-5),
    arrowright: () => actions.move(5),
    ",": () => actions.step(-1),
    ".": () => actions.step(1),
    c: actions.comment,
    i: actions.markIn,
    o: actions.markOut,
    n: () => actions.neighbour(1),
    p: () => actions.neighbour(-1),
    "?": showKeys,
  };
  const listener = (event: KeyboardEvent) => {
    const target = event.composedPath()[0];
    if (event.ctrlKey || event.metaKey || event.altKey || !root.isConnected) return;
    if (target instanceof Element && target.matches(TYPING)) return;
    const pressesButton = target instanceof Element && target.matches("button, a, summary") && [" ", "Enter"].includes(event.key);
    if (pressesButton) return;
    const number = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
    const action = number ? () => actions.criterion(number) : plain[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
  document.addEventListener("keydown", listener, { capture: true });
  return () => document.removeEventListener("keydown", listener, { capture: true });
}

/** The list of keys, as a dialog. */
export function keysDialog(): HTMLDialogElement {
  const rows = KEY_LIST.map(([key, does]) => el("tr", {}, el("th", { scope: "row" }, el("kbd", {}, key)), el("td", {}, does)));
  const dialog = el(
    "dialog",
    { class: "keys", testid: "keys", "aria-label": "Keys" },
    el("h2", {}, "Keys"),
    el("table", {}, el("tbody", {}, ...rows)),
    el("form", { method: "dialog" }, el("button", { class: "save" }, "Close")),
  );
  return dialog;
}
