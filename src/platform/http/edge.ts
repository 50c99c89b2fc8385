import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { type Problem, type ProblemDetail, Refusal, refuse } from '../contract/problem.ts'
import { sqlState } from '../db/database.ts'
import { refusalOf } from './checks.ts'
import { httpProblems } from './problems.ts'

// The one place where refusals, and failures, become HTTP.

const byFastifyCode: Record<string, Problem> = {
  FST_ERR_CTP_BODY_TOO_LARGE: httpProblems['body-too-large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: httpProblems['wrong-media-type'],
  FST_ERR_CTP_EMPTY_TYPE: httpProblems['wrong-media-type'],
  FST_ERR_CTP_EMPTY_JSON_BODY: httpProblems['malformed-json'],
  FST_ERR_CTP_INVALID_JSON_BODY: httpProblems['malformed-json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: httpProblems['bad-request'],
}

/** SQLSTATEs and socket errors that mean "not now": the client may try again. */
const passing = new Set([
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '25P03',
  '57014',
  '53300',
  '53100',
  '53200',
  '58030',
  '40001',
  '40P01',
  '08006',
  '08001',
  '08004',
  '25006',
  '55P03',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
])

/** What the driver says without a code. The second is what a transaction ends with whose connection broke. */
const broken =
  /connection terminated|client has encountered a connection error|client was closed|timeout exceeded when trying to connect/i

/**
 * What PostgreSQL says of data, and not of our statement: class 22, a limit of the program, a check, or a row that went
 * or came while the request was under way. Contracts are to refuse it before; what they let through is logged.
 */
function ofBadData(state: string): Problem | undefined {
  if (state.startsWith('22') || state === '23514') return httpProblems['out-of-range']
  if (state.startsWith('54')) return httpProblems['too-long']
  return state === '23503' || state === '23505' ? httpProblems['changed-meanwhile'] : undefined
}

export function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error
  const { code, message, validation, validationContext, statusCode } = error as FastifyError
  if (validation)
    return refusalOf(validation as never, validationContext === 'querystring' ? 'query' : (validationContext ?? 'body'))
  if (code && byFastifyCode[code]) return refuse(byFastifyCode[code])
  if ((code && passing.has(code)) || broken.test(message ?? ''))
    return refuse(httpProblems.unavailable, { retryAfterSeconds: 1 })
  const badData = ofBadData(sqlState(error) ?? '')
  if (badData) return refuse(badData)
  if (statusCode && statusCode >= 400 && statusCode < 500) return refuse(httpProblems['bad-request'])
  return undefined
}

export function problemDocument(problem: Problem, more: ProblemDetail, requestId: string) {
  const { detail, fields } = more
  return {
    type: `/docs#problem-${problem.code}`,
    title: problem.title,
    status: problem.status,
    code: problem.code,
    ...(detail === undefined ? {} : { detail }),
    ...(fields === undefined ? {} : { fields }),
    requestId,
  }
}

/** What is left of a refused body is read and thrown away, so that its connection can be used again; above this it ends. */
const mostThrownAway = 1_048_576

export function sendProblem(reply: FastifyReply, problem: Problem, more: ProblemDetail = {}) {
  const { raw } = reply.request
  if (!raw.complete && Number(raw.headers['content-length'] ?? 0) > mostThrownAway) reply.header('connection', 'close')
  if (more.retryAfterSeconds !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(more.retryAfterSeconds)))
  return reply
    .code(problem.status)
    .type('application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemDocument(problem, more, reply.request.id)))
}

export const sendRefusal = (reply: FastifyReply, { problem, more }: Refusal) => sendProblem(reply, problem, more)

export function onError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  const refusal = asRefusal(error)
  if (refusal) {
    if (refusal.problem.status >= 500 || sqlState(error))
      request.log.warn({ code: refusal.problem.code, err: error }, 'refused')
    return sendRefusal(reply, refusal)
  }
  request.log.error({ err: error }, 'failed')
  return sendProblem(reply, httpProblems.internal)
}
