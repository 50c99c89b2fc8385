import type { ValidateFunction } from 'ajv'
import { isMedia } from '#platform/contract/endpoint.ts'
import { contractAjv } from '#platform/http/contract-ajv.ts'
import { generalProblems } from '#platform/http/openapi.ts'
import { httpProblems } from '#platform/http/problems.ts'
import type { Attempt } from './requests.ts'
import type { Answer, Silence } from './wire.ts'

/** What is wrong with an answer. */
export type Fault =
  | 'five-hundred'
  | 'no answer'
  | 'undeclared refusal'
  | 'refusal without its document'
  | 'undeclared success'
  | 'wrong shape'
  | 'tells of the inside'

export interface Judged {
  readonly fault: Fault
  readonly detail: string
}

const ajv = contractAjv({})
const shapes = new WeakMap<object, ValidateFunction>()
/** Paths, statements and stacks of the server's own. */
const inside =
  /node_modules|\.ts:\d+|\n\s+at |\/src\/|select .* from |violates .* constraint|invalid input syntax|SQLSTATE/i

/** Nothing, where the answer is one that the contract lets this operation give. */
export function judge(attempt: Attempt, answer: Answer | Silence): Judged | undefined {
  const { operation, method, headers } = attempt
  if (answer.kind === 'silence')
    // Node.js hangs up without a word where it is told to (a host that is missing, a connection that is upgraded).
    return answer.why === 'silent' || !headers.some((line) => /^(upgrade|connection|expect):/.test(line))
      ? { fault: 'no answer', detail: `${answer.why} after ${Math.round(answer.ms)} ms` }
      : undefined
  const { status, body } = answer
  if (status >= 500 && status !== 501) return { fault: 'five-hundred', detail: `${status} ${body.slice(0, 400)}` }
  const isProblem = /\r\ncontent-type: application\/problem\+json/i.test(answer.headers)
  if (status >= 400) {
    // Answers to HEAD.
    if (body === '') return undefined
    if (inside.test(body)) return { fault: 'tells of the inside', detail: body.slice(0, 400) }
    // What Node.js itself does not expect, upgrades to no socket and preflights that are none have no document.
    if (!isProblem)
      return status === 417 || method === 'OPTIONS' || headers.some((line) => line.startsWith('upgrade:'))
        ? undefined
        : { fault: 'refusal without its document', detail: `${status} ${body.slice(0, 200)}` }
    const { code, status: said } = JSON.parse(body) as { code: string; status: number }
    if (said !== status) return { fault: 'wrong shape', detail: `${status}, and its document says ${said}` }
    return isDeclared(attempt, code) ? undefined : { fault: 'undeclared refusal', detail: `${status} ${code}` }
  }
  return operation && isItsOwn(attempt) && status < 300 ? judgeSuccess(operation, answer) : undefined
}

/** Whether the operation itself was asked, and not what another method or address leads to. */
const isItsOwn = ({ operation, method, isElsewhere }: Attempt): boolean => !isElsewhere && method === operation?.method

function isDeclared(attempt: Attempt, code: string): boolean {
  const { operation, headers } = attempt
  if (!operation || !isItsOwn(attempt)) return /^[a-z]+(-[a-z]+)*$/.test(code)
  // Of a request that Node.js refused, before any operation could hear of it.
  if (code === httpProblems['headers-too-large'].code || code === httpProblems['too-slow'].code) return true
  // A request that wants to become a socket is judged as one that acts.
  if (code === httpProblems['foreign-origin'].code && headers.some((line) => line.startsWith('upgrade:'))) return true
  return [...operation.problems, ...generalProblems(operation)].some((problem) => problem.code === code)
}

function judgeSuccess(
  operation: NonNullable<Attempt['operation']>,
  { status, headers, body }: Answer,
): Judged | undefined {
  // An answer to another method than the operation's own: HEAD, OPTIONS.
  if (body === '' && status !== 204) return undefined
  if (!(status in operation.replies)) return undefined
  const shape = operation.replies[status]
  if (!shape || isMedia(shape) || !/\r\ncontent-type: application\/json/i.test(headers)) return undefined
  let fits = shapes.get(shape)
  if (!fits) shapes.set(shape, (fits = ajv.compile(shape)))
  return fits(JSON.parse(body))
    ? undefined
    : { fault: 'wrong shape', detail: `${ajv.errorsText(fits.errors)} in ${body.slice(0, 300)}` }
}
