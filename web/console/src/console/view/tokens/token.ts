/** A token of an operator, besides the first. */

export interface Token {
  id: string;
  /** For people; may be empty. */
  name: string;
  role: "admin" | "viewer";
  /** Milliseconds since 1970. */
  createdAt: number;
}

/** With its text, which is in this answer and nowhere else. */
export interface MadeToken extends Token {
  token: string;
}
