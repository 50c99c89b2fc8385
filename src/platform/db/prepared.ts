import type { Submittable } from 'pg'
// @ts-expect-error -- pg does not describe this part of itself.
import { prepareValue as given } from 'pg/lib/utils.js'
import pg from 'pg'

const prepareValue = given as (value: unknown) => string | Buffer | null

/** What of pg's connection a statement speaks to, as pg's own do and those of pg-cursor. */
interface Line {
  readonly parsedStatements: Record<string, string | undefined>
  readonly stream: { cork(): void; uncork(): void }
  parse(statement: { name: string; text: string }): void
  bind(values: { statement: string; values: readonly unknown[] }): void
  describe(portal: { type: 'P' }): void
  execute(portal: object): void
  sync(): void
}

interface Column {
  readonly name: string
  readonly dataTypeID: number
}

type Cells = readonly (string | null)[]
type RowMaker = (cells: Cells) => object

/**
 * A named statement that is asked often. The server describes its columns once for each connection (pg asks every time),
 * and a function that is compiled for these columns makes a row of what comes: pg sets name after name in an object whose
 * shape it does not know. Both took a tenth of the time of a page of history.
 */
export class Prepared implements Submittable {
  readonly name: string
  readonly text: string
  readonly #values: readonly unknown[]
  readonly #rows: object[] = []
  #make: RowMaker | undefined
  #line: Line | undefined
  #failure: unknown
  /** Set by pg. */
  declare callback: (error: unknown, rows?: object[]) => void

  constructor(name: string, text: string, values: readonly unknown[]) {
    this.name = name
    this.text = text
    this.#values = values.map(prepareValue)
  }

  submit(connection: unknown): Error | null {
    const line = (this.#line = connection as Line)
    const before = line.parsedStatements[this.name]
    if (before !== undefined && before !== this.text) return new Error(`Two statements are named ${this.name}.`)
    this.#make = makersOf(line).get(this.name)
    line.stream.cork()
    if (before === undefined) line.parse(this)
    line.bind({ statement: this.name, values: this.#values })
    if (!this.#make) line.describe({ type: 'P' })
    line.execute({})
    line.sync()
    line.stream.uncork()
    return null
  }

  handleRowDescription({ fields }: { fields: readonly Column[] }): void {
    this.#make = rowMaker(fields)
    makersOf(this.#line!).set(this.name, this.#make)
  }
  handleDataRow({ fields }: { fields: Cells }): void {
    if (this.#failure) return
    try {
      this.#rows.push(this.#make!(fields))
    } catch (error) {
      this.#failure = error
    }
  }
  handleReadyForQuery(): void {
    if (this.#failure) this.callback(this.#failure)
    else this.callback(null, this.#rows)
  }
  handleError(error: unknown): void {
    this.callback(this.#failure ?? error)
  }
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
}

/** By connection: another may have prepared the statement after a column got another type. */
const makers = new WeakMap<Line, Map<string, RowMaker>>()

function makersOf(line: Line): Map<string, RowMaker> {
  let own = makers.get(line)
  if (!own) makers.set(line, (own = new Map()))
  return own
}

function rowMaker(columns: readonly Column[]): RowMaker {
  const parsers = columns.map(({ dataTypeID }) => pg.types.getTypeParser(dataTypeID, 'text'))
  const cell = (at: number) => `cells[${at}] === null ? null : parsers[${at}](cells[${at}])`
  const fields = columns.map(({ name }, at) => `${JSON.stringify(name)}: ${cell(at)}`)
  // oxlint-disable-next-line typescript/no-implied-eval -- of names of columns, which are in our own statements.
  return new Function('parsers', `return (cells) => ({ ${fields.join(', ')} })`)(parsers) as RowMaker
}

/** A UUID that a contract has checked, or that was made here. */
type Uuid = string

/** An array of Postgres whose values need no quotes: pg would look through each of them for what has to be escaped. */
export const plainArray = (values: readonly (number | boolean | Uuid)[]): string => `{${values.join(',')}}`
