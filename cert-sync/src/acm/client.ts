import { ACMClient } from '@aws-sdk/client-acm'
import type { ACMClientConfig } from '@aws-sdk/client-acm'

export interface Clients {
  /** For what may be repeated: the SDK tries up to five times, also after throttling. */
  patient: ACMClient
  /** For imports: ACM has no idempotency token, so a repeat after a lost reply would make a second certificate. */
  once: ACMClient
}

/** Credentials and another endpoint (AWS_ENDPOINT_URL_ACM) are taken from where every AWS tool takes them, or given. */
export function createClients(region: string, given: ACMClientConfig = {}): Clients {
  const config = { region, requestHandler: { connectionTimeout: 3000 }, ...given }
  return {
    patient: new ACMClient({ ...config, maxAttempts: 5 }),
    once: new ACMClient({ ...config, maxAttempts: 1 }),
  }
}

/** For the options of every `send`: a reply that does not come in time counts as unknown. */
export const inTime = (): { abortSignal: AbortSignal } => ({ abortSignal: AbortSignal.timeout(30_000) })
