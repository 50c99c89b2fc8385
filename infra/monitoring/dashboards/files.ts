import { api } from './api.ts'
import { arriving } from './arriving.ts'
import { certificates } from './certificates.ts'
import { delivery } from './delivery.ts'
import { dashboard } from './panels.ts'
import { postgres } from './postgres.ts'

export const specs = [arriving, api, postgres, delivery, certificates]

/** File name → text, as they stand in json/. */
export const files = (): Map<string, string> =>
  new Map(specs.map((spec) => [`${spec.uid}.json`, `${JSON.stringify(dashboard(spec), null, 2)}\n`]))
