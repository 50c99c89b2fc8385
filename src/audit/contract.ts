import { Type } from 'typebox'
import { endpoint } from '#platform/contract/endpoint.ts'
import { Exact, Limit, Nullable, Uuid } from '#platform/contract/shapes.ts'
import { auditProblems as problem } from './problems.ts'
import { AuditEntry, KindName } from './shapes.ts'

export const listAudit = endpoint({
  tag: 'Audit',
  operationId: 'listAudit',
  method: 'GET',
  path: '/v1/audit',
  access: 'owners-only',
  summary: 'What was done here, by whom, and from where',
  description:
    'For owners, not for admins: it tells what admins do. Newest first, kept for 90 days. It holds no text of a message, and names no private conversation.',
  query: Exact({
    kind: Type.Optional(KindName),
    accountId: Type.Optional(Uuid('Only what this account did, or what concerns it.')),
    after: Type.Optional(Type.String({ maxLength: 200, description: 'Cursor: `next` of the page before.' })),
    limit: Limit(200, 50),
  }),
  replies: {
    200: Exact({
      entries: Type.Array(AuditEntry),
      next: Nullable(Type.String(), { description: 'Cursor of the next page, or null at the end.' }),
    }),
  },
  problems: [problem['bad-cursor']],
})
