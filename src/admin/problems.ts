import { problems } from '#platform/contract/problem.ts'

export const adminProblems = problems({
  'nothing-here': [404, 'Nothing here, or nothing for you.'],
})
