/*
 * Stands in for `typebox` in the browser (see vite.config.ts). The UI takes types and a few limits from the
 * contracts and checks nothing at run time, so it needs their plain JSON Schema and not TypeBox's engine, which is
 * 11 kB of the first load. The test beside it holds this against the real one, for every contract.
 */
type Options = Record<string, unknown>
type Schema = Record<string, unknown>

const plain =
  (type: string) =>
  (options: Options = {}): Schema => ({ type, ...options })

const optionals = new WeakSet<Schema>()

export const Type = {
  String: plain('string'),
  Integer: plain('integer'),
  Number: plain('number'),
  Boolean: plain('boolean'),
  Null: plain('null'),
  Literal: (value: string | number | boolean, options: Options = {}): Schema => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Enum: (values: readonly unknown[], options: Options = {}): Schema => ({ enum: values, ...options }),
  Array: (items: Schema, options: Options = {}): Schema => ({ type: 'array', items, ...options }),
  Union: (anyOf: readonly Schema[], options: Options = {}): Schema => ({ anyOf, ...options }),
  Optional: (schema: Schema): Schema => {
    const copy = { ...schema }
    optionals.add(copy)
    return copy
  },
  Object: (properties: Record<string, Schema>, options: Options = {}): Schema => {
    const required = Object.keys(properties).filter((name) => !optionals.has(properties[name]!))
    return { type: 'object', ...(required.length > 0 ? { required } : {}), properties, ...options }
  },
  Record: (_keys: Schema, values: Schema, options: Options = {}): Schema => ({
    type: 'object',
    patternProperties: { '^.*$': values },
    ...options,
  }),
}
