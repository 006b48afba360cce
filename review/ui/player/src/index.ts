/** The entry that Streamlit calls: at first, and again whenever the page's script has run. */

import { Player, type PlayerArguments } from "./player";

interface Mounted {
  data: PlayerArguments;
  parentElement: HTMLElement | ShadowRoot;
}

const players = new WeakMap<HTMLElement | ShadowRoot, { player: Player; lesson_id: string; start_ms: number }>();

/** Shows the lesson of `data`. The same lesson again leaves the picture alone, so that it plays on. */
export default function mount({ data, parentElement }: Mounted): () => void {
  const known = players.get(parentElement);
  if (known?.lesson_id === data.lesson_id) {
    if (known.start_ms !== data.start_ms) known.player.seek(data.start_ms);
    known.start_ms = data.start_ms;
  } else {
    known?.player.destroy();
    const root = parentElement.querySelector<HTMLElement>(".debrief-player");
    if (!root) throw new Error("the player's place is missing");
    players.set(parentElement, { player: new Player(root, data), lesson_id: data.lesson_id, start_ms: data.start_ms });
  }
  return () => {
    players.get(parentElement)?.player.destroy();
    players.delete(parentElement);
  };
}
