/** What a failed call tells about the world: only `unknown` leaves open whether it was carried out. */
export type Outcome = 'throttled' | 'refused' | 'unknown'

const throttling = new Set(['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded'])
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'CredentialsProviderError'])

export function outcomeOf(error: unknown): Outcome {
  const { name, code, $metadata } = error as { name?: string; code?: string; $metadata?: { httpStatusCode?: number } }
  if (throttling.has(name ?? '')) return 'throttled'
  if (neverSent.has(code ?? '') || neverSent.has(name ?? '')) return 'refused'
  const status = $metadata?.httpStatusCode ?? 0
  return status >= 400 && status < 500 ? 'refused' : 'unknown'
}

export const isNamed = (error: unknown, ...names: string[]): boolean =>
  names.includes((error as { name?: string } | undefined)?.name ?? '')
