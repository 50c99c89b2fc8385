import { problems } from '#platform/contract/problem.ts'

export const auditProblems = problems({
  'bad-cursor': [422, 'This cursor is not one that the server gave for this list. Start again without it.'],
})
