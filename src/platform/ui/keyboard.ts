import { useEffect, useRef } from 'react'
import { createStore, type Store } from './store.ts'

/**
 * A shortcut: declared once where its feature lives (so that the Ctrl+/ table lists it), bound while a component
 * that can do it is on screen. Keys are written for a PC, `Ctrl+Shift+F`; on a Mac, Ctrl means Cmd.
 */
export type Shortcut = {
  readonly keys: string
  readonly label: string
  readonly group: string
  /** False: a key that a focused component handles itself (↑ in the composer); declared for the table only. */
  readonly global: boolean
}

type Bound = { shortcut: Shortcut; run: (event: KeyboardEvent) => void | boolean }

const declared: Store<readonly Shortcut[]> = createStore<readonly Shortcut[]>([])
const bound: Bound[] = []

/** Every shortcut that has been declared, for the table. */
export const shortcuts = declared

export function defineShortcut(shortcut: Omit<Shortcut, 'global'> & { global?: boolean }): Shortcut {
  const made: Shortcut = { global: true, ...shortcut }
  declared.set((list) => [...list.filter((each) => each.keys !== made.keys || each.label !== made.label), made])
  return made
}

export const isMac: boolean = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform)

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Whether this key press is `keys`. Shift counts for letters and named keys; for signs such as / it is part of the key. */
export function matches(event: Pressed, keys: string, mac: boolean = isMac): boolean {
  const parts = keys.split('+')
  const key = parts.pop() || '+'
  const wants = (name: string) => parts.includes(name)
  const command = mac ? event.metaKey : event.ctrlKey
  const other = mac ? event.ctrlKey : event.metaKey
  if (command !== wants('Ctrl') || other || event.altKey !== wants('Alt')) return false
  const letter = /^[a-z]$/i.test(key)
  // Alt and Shift change what a key types (on a Mac Alt+L is ¬), so letters are also known by their place.
  const hit = letter
    ? event.key.toLowerCase() === key.toLowerCase() || (event.altKey && event.code === `Key${key.toUpperCase()}`)
    : event.key === key || (key === '\\' && event.code === 'Backslash')
  if (!hit) return false
  const sign = key.length === 1 && !letter && !wants('Shift')
  return sign || event.shiftKey === wants('Shift')
}

/** True while the person is writing: keys without Ctrl or Alt belong to the text then. */
export function isWriting(target: EventTarget | null): boolean {
  if (target === null || !(target instanceof HTMLElement)) return false
  if (target.isContentEditable) return true
  if (target instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'button', 'submit', 'file', 'range'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

const needsNoModifier = (keys: string) => /^(F\d+|Escape)$/.test(keys.split('+').at(-1) ?? '')

/** Give this to `window` once. The binding made last is asked first: what is topmost answers. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  for (const { shortcut, run } of bound.toReversed()) {
    if (!matches(event, shortcut.keys)) continue
    const plain = !/Ctrl|Alt/.test(shortcut.keys) && !needsNoModifier(shortcut.keys)
    if (plain && isWriting(event.target)) continue
    if (run(event) === false) continue
    event.preventDefault()
    return
  }
}

/** Binds until the returned function is called. A `run` that returns false passes the key on. */
export function bindShortcut(shortcut: Shortcut, run: Bound['run']): () => void {
  const entry = { shortcut, run }
  bound.push(entry)
  return () => {
    const at = bound.indexOf(entry)
    if (at >= 0) bound.splice(at, 1)
  }
}

/** Binds while the component is mounted and `active`. */
export function useShortcut(shortcut: Shortcut, run: Bound['run'], active = true): void {
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => (active ? bindShortcut(shortcut, (event) => latest.current(event)) : undefined), [shortcut, active])
}

const macNames: Record<string, string> = { Ctrl: '⌘', Alt: '⌥', Shift: '⇧' }
const names: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Delete: 'Del',
}

/** As people read them: `Ctrl K`, `⌘ K` on a Mac. */
export function showKeys(keys: string, mac: boolean = isMac): string {
  return keys
    .split('+')
    .map((part) => (mac ? macNames[part] : undefined) ?? names[part] ?? part)
    .join(' ')
}

/** As `aria-keyshortcuts` wants them: `Control+K`, `Meta+K` on a Mac. */
export function ariaKeys(keys: string, mac: boolean = isMac): string {
  return keys.replace('Ctrl', mac ? 'Meta' : 'Control')
}
