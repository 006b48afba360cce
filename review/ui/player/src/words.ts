/** Everything the player says, in one place. */

import type { Kind } from "./types";

export const KIND_NAMES: Record<Kind, string> = {
  noticing: "Noticing",
  praise: "Praise",
  question: "Question",
  suggestion: "Suggestion",
  evidence: "Evidence",
};

export const STEP_NAMES: Record<string, string> = {
  probe: "Looking at the recording",
  transcode: "Making it playable",
  transcribe: "Recognising speech",
  propose_clips: "Finding clips",
  ready: "Putting it in place",
};

export const SAY = {
  loading: "Opening the lesson …",
  notFound: "Not found: it does not exist, or it is not shared with you.",
  unreachable: "The server can't be reached. What you wrote is kept here and will be sent.",
  signedOut: "Your session has ended. What you wrote is kept here.",
  signIn: "Sign in in a new tab",
  playbackLost: "The recording could not be loaded; trying again …",
  noTranscript: "Nothing was said that could be written down.",
  transcriptComing: "The transcript appears here when speech has been recognised.",
  draft:
    "Draft transcript, made offline: expect mistakes. Words that are very uncertain show as …. An administrator can add a better recogniser.",
  noClips: "No clips were proposed.",
  clipsComing: "Clips appear here when the processing is done.",
  noComments: "No comments yet. Play the lesson and begin to type where you notice something.",
  readOnly: "This conversation can be read but not written to any more.",
  deleted: "Comment deleted.",
  undo: "Undo",
  conflict: "This comment was changed elsewhere in the meantime. Your text is still here; save again to replace it.",
};

export const KEY_LIST: [string, string][] = [
  ["Space or K", "Play or pause"],
  ["J / L", "10 seconds back / forward"],
  ["← / →", "5 seconds back / forward"],
  [", / .", "One frame back / forward"],
  ["C", "Write a comment"],
  ["I / O", "Comment from here / up to here"],
  ["1 … 9", "Choose a criterion of the comment"],
  ["N / P", "Next / previous comment"],
  ["Ctrl + Enter", "Save the comment"],
  ["Esc", "Leave the text"],
  ["?", "This list"],
];
