import type { SecretData } from '../certificate/read.ts'
import { partsOf } from '../names.ts'
import type { Key } from '../names.ts'
import { orMissing } from './api.ts'
import type { Api } from './api.ts'

/** Asked for anew in every round: what a watch holds may be old after a change of leaders. */
export async function readSecret(api: Api, key: Key): Promise<SecretData> {
  const secret = await orMissing(api.core.readNamespacedSecret(partsOf(key)))
  return secret && (secret.data ?? {})
}
