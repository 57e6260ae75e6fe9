import type { z } from "zod";

/** Rights, weakest first: an agent calls tools, an admin changes servers. */
export type Role = "agent" | "admin";

/** HTTP methods of verbs. */
export type VerbMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One verb of the contract. */
export interface Verb<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I;
  readonly output: O;
  readonly role: Role;
  readonly method: VerbMethod;
  /** Below `/api/v1`; `{name}` stands for the input field of that name. */
  readonly path: string;
  readonly summary: string;
  /**
   * Input field that the body of the request is, as JSON or as text; without
   * it the body is an object of all fields that are not in the path.
   */
  readonly body?: { readonly field: string; readonly as: "json" | "text" };
  /** Its body may also be a form with a file, which becomes `content` and `filename`. */
  readonly upload?: true;
  /** The `hash` of the output travels as `ETag`, and `If-Match` as the input field `if_match`. */
  readonly etag?: true;
  /** Its answer has an `ETag` of its content, for lists that are asked for again and again. */
  readonly tagged?: true;
  /** Only a running daemon can do it. */
  readonly needsDaemon?: true;
  /** Further routes, by which clients of mcpproxy-go know the verb, or for a reason of their own. */
  readonly aliases?: readonly {
    readonly method: VerbMethod;
    readonly path: string;
    readonly reason?: string;
  }[];
}

/** Keeps the schemas of a verb in its type. */
export function verb<I extends z.ZodType, O extends z.ZodType>(value: Verb<I, O>): Verb<I, O> {
  return value;
}
