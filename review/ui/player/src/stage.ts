/** The picture and its controls. */

import { clock } from "./format";
import { el, icon, iconButton, ICONS } from "./dom";
import type { Recording, Segment } from "./types";
import { SAY } from "./words";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const FRAME_S = 1 / 25;

export class Stage {
  readonly video = el("video", { testid: "video", playsinline: true, preload: "metadata", tabindex: -1 });
  readonly picture = el("div", { class: "picture" }, this.video);
  readonly controls: HTMLElement;
  private readonly playButton = iconButton(ICONS.play, "Play", () => this.toggle(), { testid: "play", class: "icon play" });
  private readonly time = el("span", { class: "time", testid: "time" }, "0:00");
  private readonly muteButton = iconButton(ICONS.sound, "Mute", () => (this.video.muted = !this.video.muted));
  private readonly captionsButton: HTMLButtonElement;
  private track: TextTrack | null = null;
  private wanted_ms: number | null = null;

  constructor(
    private readonly say: (message: string | null) => void,
    showKeys: () => void,
  ) {
    this.captionsButton = iconButton(ICONS.captions, "Captions", () => this.toggleCaptions(), {
      "aria-pressed": "false",
      testid: "captions",
    });
    this.controls = el(
      "div",
      { class: "controls", role: "toolbar", "aria-label": "Playing" },
      iconButton(ICONS.back, "10 seconds back", () => this.move(-10), { class: "icon optional" }),
      this.playButton,
      iconButton(ICONS.forward, "10 seconds forward", () => this.move(10), { class: "icon optional" }),
      this.time,
      el("span", { class: "gap" }),
      this.speedChoice(),
      this.muteButton,
      this.volume(),
      this.captionsButton,
      iconButton(ICONS.picture, "Picture in picture", () => void this.pictureInPicture(), { class: "icon optional" }),
      iconButton(ICONS.keys, "Keys", showKeys, { class: "icon optional", testid: "keys-open" }),
      iconButton(ICONS.full, "Full screen", () => void this.fullScreen()),
    );
    this.listen();
  }

  /** Load the recording; its address stays the same while it is shown, so a rerun changes nothing. */
  load(recording: Recording, start_ms: number): void {
    if (!recording.urls.web || this.video.getAttribute("src") === recording.urls.web) return;
    this.picture.classList.toggle("sound-only", !recording.has_video);
    if (recording.width && recording.height) {
      this.picture.style.setProperty("--shape", `${recording.width} / ${recording.height}`);
    }
    if (recording.urls.poster) this.video.poster = recording.urls.poster;
    this.wanted_ms = start_ms || null;
    this.video.src = recording.urls.web;
  }

  get position_ms(): number {
    return Math.round(this.video.currentTime * 1000);
  }

  get duration_ms(): number {
    return Number.isFinite(this.video.duration) ? Math.round(this.video.duration * 1000) : 0;
  }

  get playing(): boolean {
    return !this.video.paused && !this.video.ended;
  }

  seek(position_ms: number): void {
    if (this.video.readyState === 0) this.wanted_ms = position_ms;
    else this.video.currentTime = Math.max(0, position_ms / 1000);
    this.showTime();
  }

  move(seconds: number): void {
    this.seek(this.position_ms + seconds * 1000);
  }

  step(frames: number): void {
    this.video.pause();
    this.video.currentTime = Math.max(0, this.video.currentTime + frames * FRAME_S);
  }

  toggle(): void {
    if (this.playing) this.video.pause();
    else void this.video.play().catch(() => undefined);
  }

  /** The captions that the player can show: the transcript's segments. */
  caption(segments: Segment[], language: string): void {
    this.track ??= this.video.addTextTrack("captions", "Captions", language || "en");
    for (const cue of [...(this.track.cues ?? [])]) this.track.removeCue(cue);
    for (const segment of segments) {
      if (segment.end_ms <= segment.start_ms) continue;
      const text = segment.speaker ? `${segment.speaker}: ${segment.text}` : segment.text;
      const cue = new VTTCue(segment.start_ms / 1000, segment.end_ms / 1000, "");
      cue.text = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
      this.track.addCue(cue);
    }
    this.track.mode = this.captionsButton.getAttribute("aria-pressed") === "true" ? "showing" : "hidden";
  }

  private listen(): void {
    const { video } = this;
    video.addEventListener("click", () => this.toggle());
    for (const name of ["play", "pause", "ended"]) video.addEventListener(name, () => this.showPlaying());
    for (const name of ["timeupdate", "durationchange"]) video.addEventListener(name, () => this.showTime());
    video.addEventListener("volumechange", () => {
      const name = video.muted ? "Unmute" : "Mute";
      this.muteButton.replaceChildren(icon(video.muted ? ICONS.mute : ICONS.sound));
      this.muteButton.setAttribute("aria-label", name);
      this.muteButton.title = name;
    });
    video.addEventListener("loadedmetadata", () => {
      if (this.wanted_ms !== null) video.currentTime = this.wanted_ms / 1000;
      this.wanted_ms = null;
      this.say(null);
    });
    video.addEventListener("error", () => this.recover());
  }

  /** After a lost connection or a new sign-in the source is loaded again and playing goes on where it was. */
  private recover(): void {
    if (!this.video.getAttribute("src")) return;
    this.wanted_ms ??= this.position_ms;
    const goOn = this.playing;
    this.say(SAY.playbackLost);
    setTimeout(() => {
      this.video.load();
      if (goOn) void this.video.play().catch(() => undefined);
    }, 3000);
  }

  private showPlaying(): void {
    const name = this.playing ? "Pause" : "Play";
    this.playButton.replaceChildren(icon(this.playing ? ICONS.pause : ICONS.play));
    this.playButton.setAttribute("aria-label", name);
    this.playButton.title = name;
  }

  private showTime(): void {
    const text = `${clock(this.position_ms)} / ${clock(this.duration_ms)}`;
    if (this.time.textContent !== text) this.time.textContent = text;
  }

  private speedChoice(): HTMLSelectElement {
    const choice = el(
      "select",
      {
        "aria-label": "Speed",
        title: "Speed",
        testid: "speed",
        onchange: () => {
          this.video.preservesPitch = true;
          this.video.playbackRate = Number(choice.value);
        },
      },
      ...SPEEDS.map((speed) => el("option", { value: speed, selected: speed === 1 }, `${speed}×`)),
    );
    return choice;
  }

  private volume(): HTMLInputElement {
    const slider = el("input", {
      type: "range",
      class: "volume optional",
      min: 0,
      max: 1,
      step: 0.05,
      value: 1,
      "aria-label": "Volume",
      oninput: () => {
        this.video.volume = Number(slider.value);
        this.video.muted = this.video.volume === 0;
      },
    });
    return slider;
  }

  private toggleCaptions(): void {
    const on = this.captionsButton.getAttribute("aria-pressed") !== "true";
    this.captionsButton.setAttribute("aria-pressed", String(on));
    if (this.track) this.track.mode = on ? "showing" : "hidden";
  }

  private async pictureInPicture(): Promise<void> {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await this.video.requestPictureInPicture?.().catch(() => undefined);
  }

  private async fullScreen(): Promise<void> {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await this.picture.parentElement?.requestFullscreen?.().catch(() => undefined);
  }
}
