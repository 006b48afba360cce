/** Talking to the server. A page's cookie signs it in; what changes something carries the token against forged requests. */

import type { Clip, Comment, Lesson, NewComment, Transcript } from "./types";

/** The server's refusal, with the sentence that it gave for people. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    message: string,
    readonly answer: Record<string, unknown>,
  ) {
    super(message);
  }
}

/** The server did not answer at all. */
export class Unreachable extends Error {}

export class Api {
  private readonly known = new Map<string, { etag: string; document: unknown }>();

  constructor(
    private readonly lessonId: string,
    private csrf: string,
  ) {}

  /** The lesson; it also brings the token of this sign-in, which is another one after signing in again. */
  async lesson(): Promise<Lesson> {
    const lesson = await this.get<Lesson>(`/api/lessons/${this.lessonId}`);
    this.csrf = lesson.csrf || this.csrf;
    return lesson;
  }

  transcript(recordingId: string): Promise<Transcript> {
    return this.get(`/api/recordings/${recordingId}/transcript`);
  }

  async clips(recordingId: string): Promise<Clip[]> {
    return (await this.get<{ clips: Clip[] }>(`/api/recordings/${recordingId}/clips`)).clips;
  }

  comments(after: number): Promise<{ change: number; comments: Comment[] }> {
    return this.get(`/api/lessons/${this.lessonId}/comments?after=${after}`);
  }

  add(comment: NewComment): Promise<Comment> {
    return this.send("POST", `/api/lessons/${this.lessonId}/comments`, comment);
  }

  edit(id: string, change: Pick<Comment, "body" | "kind" | "tags" | "revision">): Promise<Comment> {
    return this.send("PATCH", `/api/comments/${id}`, change);
  }

  remove(id: string): Promise<Comment> {
    return this.send("DELETE", `/api/comments/${id}`);
  }

  restore(id: string): Promise<Comment> {
    return this.send("POST", `/api/comments/${id}/restore`);
  }

  retry(recordingId: string): Promise<unknown> {
    return this.send("POST", `/api/runs/${recordingId}/retry`);
  }

  setLevels(pairingId: string, levels_on: boolean): Promise<unknown> {
    return this.send("PATCH", `/api/pairings/${pairingId}`, { levels_on });
  }

  async text(url: string): Promise<string> {
    return (await this.request(url, {})).text();
  }

  private async get<Document>(url: string): Promise<Document> {
    const kept = this.known.get(url);
    const answer = await this.request(url, { headers: kept ? { "If-None-Match": kept.etag } : {} });
    if (answer.status === 304 && kept) return kept.document as Document;
    const document = (await answer.json()) as Document;
    const etag = answer.headers.get("ETag");
    if (etag) this.known.set(url, { etag, document });
    return document;
  }

  private async send<Document>(method: string, url: string, body?: unknown): Promise<Document> {
    const sent: RequestInit = { method, headers: { "Content-Type": "application/json", "X-Debrief-CSRF": this.csrf } };
    if (body !== undefined) sent.body = JSON.stringify(body);
    const answer = await this.request(url, sent);
    return (answer.status === 204 ? undefined : await answer.json()) as Document;
  }

  private async request(url: string, options: RequestInit): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "error", ...options });
    } catch (error) {
      throw new Unreachable("The server can't be reached.", { cause: error });
    }
    if (answer.ok || answer.status === 304) return answer;
    const said = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
    throw new Refused(answer.status, String(said.error ?? ""), String(said.message ?? "Something went wrong."), said);
  }
}

/** A comment's id: random, made on this device, also where the page is not served securely. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
