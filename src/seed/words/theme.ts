/** What people say about one kind of thing: how it begins, how it goes on, how it ends. Lines have gaps, see slots.ts. */
export interface Theme {
  readonly openers: readonly string[]
  readonly turns: readonly string[]
  readonly closers: readonly string[]
  /** Code, lists, tables: blocks that fit somewhere in the middle. */
  readonly blocks?: readonly string[]
  readonly reactions: readonly string[]
}
