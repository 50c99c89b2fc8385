import { Ajv, type Options } from 'ajv'
import addFormats from 'ajv-formats'
import { isEmail } from '../contract/email.ts'
import { isUuid, lowerId } from '../contract/ids.ts'

interface Where {
  parentData: Record<string | number, unknown>
  parentDataProperty: string | number
}

/**
 * The checker of contracts, for requests and frames alike. An id that passes is put in lower case where it stands, so
 * that no operation has to think of it.
 */
export function contractAjv(options: Options): Ajv {
  const ajv = addFormats.default(new Ajv({ strict: false, ...options }))
  ajv.addFormat('idn-email', isEmail)
  const { formats } = ajv
  ajv.removeKeyword('format')
  ajv.addKeyword({
    keyword: 'format',
    type: 'string',
    // Not `modifying`: no other keyword cares for the case, and Ajv's own schema could not be checked then.
    error: { message: ({ schema }) => `must match format "${String(schema)}"` },
    compile: (name: string) => (name === 'uuid' ? takeUuid : takes(formats[name])),
  })
  return ajv
}

function takeUuid(text: string, where?: Where): boolean {
  if (!isUuid(text)) return false
  if (where?.parentData && typeof where.parentData === 'object')
    where.parentData[where.parentDataProperty] = lowerId(text)
  return true
}

function takes(format: unknown): (text: string) => boolean {
  if (format instanceof RegExp) return (text) => format.test(text)
  if (typeof format === 'function') return (text) => Boolean((format as (text: string) => unknown)(text))
  const { validate } = (format ?? {}) as { validate?: unknown }
  if (validate === undefined) throw new Error('A contract has a format that its check does not know.')
  return takes(validate)
}
