import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, indexAt, parseThumbnails, splitMoments, spokenClock, timeLeft } from "./format";

test("a position reads as people write it", () => {
  assert.equal(clock(0), "0:00");
  assert.equal(clock(760_999), "12:40");
  assert.equal(clock(3_723_000), "1:02:03");
  assert.equal(spokenClock(3_661_000), "1 hour 1 minute 1 second");
});

test("moments in a text become links, other numbers stay text", () => {
  const parts = splitMoments("see 12:40, not 99:99 or 1:2 or 3:30:00", 1_000_000);
  assert.deepEqual(
    parts.filter((part) => part.at_ms !== null),
    [{ text: "12:40", at_ms: 760_000 }],
  );
  assert.equal(parts.map((part) => part.text).join(""), "see 12:40, not 99:99 or 1:2 or 3:30:00");
});

test("a moment beyond the end is text", () => {
  assert.deepEqual(splitMoments("12:40", 60_000), [{ text: "12:40", at_ms: null }]);
});

test("the thumbnails track names sheets beside it", () => {
  const vtt = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nstoryboard/0#xywh=160,90,160,90\n";
  const [first] = parseThumbnails(vtt, "http://localhost/m/abc/thumbnails");
  assert.equal(first?.url, "http://localhost/m/abc/storyboard/0");
  assert.equal(first?.end_ms, 2000);
  assert.equal(first?.x, 160);
});

test("the item at a position is the last that began", () => {
  const items = [{ start_ms: 0 }, { start_ms: 10 }, { start_ms: 20 }];
  assert.equal(indexAt(items, -1), -1);
  assert.equal(indexAt(items, 9), 0);
  assert.equal(indexAt(items, 20), 2);
});

test("time left does not pretend to be exact", () => {
  assert.equal(timeLeft(null), "");
  assert.equal(timeLeft(20), "less than a minute left");
  assert.equal(timeLeft(60), "about a minute left");
  assert.equal(timeLeft(200), "about 3 minutes left");
});
