/** How a person likes to watch, kept in this browser for every lesson. */

export interface Prefs {
  speed: number;
  volume: number;
  muted: boolean;
  captions: boolean;
  skipSilence: boolean;
  pauseToWrite: boolean;
}

const KEY = "debrief:watching";
const USUAL: Prefs = { speed: 1, volume: 1, muted: false, captions: false, skipSilence: false, pauseToWrite: false };

export function readPrefs(): Prefs {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Prefs>;
    return checkedPrefs(kept);
  } catch {
    return { ...USUAL };
  }
}

/** Only what is of the right kind and in range; the rest is as usual. */
export function checkedPrefs(kept: Partial<Prefs>): Prefs {
  const number = (value: unknown, low: number, high: number, usual: number) =>
    typeof value === "number" && value >= low && value <= high ? value : usual;
  return {
    speed: number(kept.speed, 0.5, 2, USUAL.speed),
    volume: number(kept.volume, 0, 1, USUAL.volume),
    muted: kept.muted === true,
    captions: kept.captions === true,
    skipSilence: kept.skipSilence === true,
    pauseToWrite: kept.pauseToWrite === true,
  };
}

export function keepPrefs(change: Partial<Prefs>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...readPrefs(), ...change }));
  } catch {
    // A browser that keeps nothing plays just as well.
  }
}
