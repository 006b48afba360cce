/** Building elements. Text is always set as text, never as markup. */

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | null | undefined | EventListener>;

/** An element with attributes, listeners (`onclick`) and children; `testid` becomes `data-testid`. */
export function el<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(key === "testid" ? "data-testid" : key, String(value));
    }
  }
  made.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return made;
}

/** Put these in the place of all that is in there. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...children.filter((child): child is Node | string => Boolean(child)));
}

const SVG = "http://www.w3.org/2000/svg";

/** A small picture of lines; it says nothing to a screen reader, its button's label does. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const ICONS = {
  play: "M7 4l13 8-13 8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  back: "M11 5L4 12l7 7M20 5l-7 7 7 7",
  forward: "M4 5l7 7-7 7M13 5l7 7-7 7",
  sound: "M4 9v6h4l5 5V4L8 9zM16 8a5 5 0 010 8",
  mute: "M4 9v6h4l5 5V4L8 9zM16 9l5 6M21 9l-5 6",
  captions: "M3 5h18v14H3zM11 10a2.500 2.500 0 100 4M18 10a2.500 2.500 0 100 4",
  full: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  picture: "M3 5h18v14H3zM12 12h7v5h-7z",
  keys: "M3 6h18v12H3zM6 10h1M10 10h1M14 10h1M18 10h0M7 14h10",
  lock: "M6 11h12v9H6zM8 11V8a4 4 0 018 0v3",
};

/** A button with a picture and a name for a screen reader and as a hint. */
export function iconButton(path: string, name: string, onclick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  return el("button", { type: "button", class: "icon", "aria-label": name, title: name, onclick, ...attributes }, icon(path));
}

/** A colour of one's own for each person, the same on every page; all of them are legible on light and dark. */
export function personHue(id: string): number {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 100_003;
  return [205, 25, 145, 285, 340, 95, 180, 255][sum % 8] ?? 205;
}
