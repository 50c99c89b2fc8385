/** A refusal that the API can give: a stable code, its HTTP status and one public sentence. */
export interface Problem {
  readonly code: string
  readonly status: number
  readonly title: string
}

/**
 * One table per feature: code → [HTTP status, public sentence]. Returns the same codes as `Problem` values,
 * for endpoints to list and for `refuse` to throw.
 */
export function problems<const Codes extends Record<string, readonly [status: number, title: string]>>(
  table: Codes,
): { readonly [Code in keyof Codes & string]: Problem } {
  const entries = Object.entries(table).map(([code, [status, title]]) => [code, { code, status, title }])
  return Object.fromEntries(entries)
}

/** What a problem may carry beyond its sentence. Everything in it is shown to the client. */
export interface ProblemDetail {
  /** What to do next, for this very case. */
  detail?: string
  /** Which parts of the request are wrong: a JSON pointer such as `/body/name` and a sentence. */
  fields?: { at: string; problem: string }[]
  /** Sent as `Retry-After`, in seconds. */
  retryAfterSeconds?: number
}

/** Thrown by verbs; only the HTTP edge turns it into `application/problem+json` (RFC 9457). */
export class Refusal extends Error {
  readonly problem: Problem
  readonly more: ProblemDetail

  constructor(problem: Problem, more: ProblemDetail = {}) {
    super(problem.code)
    this.name = 'Refusal'
    this.problem = problem
    this.more = more
  }
}

/** `throw refuse(messageProblems['message-not-found'])` */
export const refuse = (problem: Problem, more?: ProblemDetail): Refusal => new Refusal(problem, more)
