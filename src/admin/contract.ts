import { endpoint } from '#platform/contract/endpoint.ts'
import { adminProblems } from './problems.ts'
import { AdminHealth } from './shapes.ts'

export const getAdminHealth = endpoint({
  tag: 'Administration',
  operationId: 'getAdminHealth',
  method: 'GET',
  path: '/v1/admin/health',
  access: 'account',
  summary: 'Whether messages arrive, and how the parts of the place are',
  description:
    'For owners and admins; to others there is nothing here. Figures are of all processes together; each describes itself every ten seconds. Counts of the last minute grow while it lasts.',
  replies: { 200: AdminHealth },
  problems: [adminProblems['nothing-here']],
})
