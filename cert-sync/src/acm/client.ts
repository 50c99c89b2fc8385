import { ACMClient } from '@aws-sdk/client-acm'

export interface Clients {
  /** For what may be repeated: the SDK tries up to five times, also after throttling. */
  patient: ACMClient
  /** For imports: ACM has no idempotency token, so a repeat after a lost reply would make a second certificate. */
  once: ACMClient
}

/** Credentials and an other endpoint (AWS_ENDPOINT_URL_ACM) are taken from where every AWS tool takes them. */
export function createClients(region: string): Clients {
  const requestHandler = { connectionTimeout: 3000 }
  return {
    patient: new ACMClient({ region, requestHandler, maxAttempts: 5 }),
    once: new ACMClient({ region, requestHandler, maxAttempts: 1 }),
  }
}

/** For the options of every `send`: a reply that does not come in time counts as unknown. */
export const inTime = (): { abortSignal: AbortSignal } => ({ abortSignal: AbortSignal.timeout(30_000) })
