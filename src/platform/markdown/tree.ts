/** What a body says, as a tree of a few kinds: nothing in it is HTML, and every address in it is safe to follow. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'break' }
  | { kind: 'strong' | 'em' | 'strike'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; children: Inline[] }
  | { kind: 'mention'; accountId: string }
  | { kind: 'channel' }

export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  /** `language` is whatever stands behind the fence, also when it is no language. */
  | { kind: 'fence'; language: string; text: string; lines: number }
  | { kind: 'quote'; children: Block[] }
  | { kind: 'list'; start: number | undefined; items: ListItem[] }
  /** A row may have fewer or more cells than the head: none is filled in, and none is lost. */
  | { kind: 'table'; align: Align[]; head: Inline[][]; rows: Inline[][][] }
  | { kind: 'rule' }

export type Align = 'center' | 'left' | 'right' | null
export interface ListItem {
  /** Of a task: whether it is done. */
  done: boolean | undefined
  /** Only where counting from the list's start would give another number than was typed. */
  number?: number
  children: Block[]
}

/** Whom a body means, and where in the body (offsets in code units) it says so. */
export type Meant = { start: number; end: number } & ({ kind: 'mention'; accountId: string } | { kind: 'channel' })

/** A part of a body, in code units. */
export interface Range {
  start: number
  end: number
}

/** Deeper than anybody writes on purpose; what is deeper still is shown as it was typed. */
export const deepest = 12
