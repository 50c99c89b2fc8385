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

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> &
  Partial<Pick<KeyboardEvent, 'keyCode' | 'getModifierState'>>

/**
 * Whether a key press belongs to an input method (Japanese, Chinese, Korean), which writes with it. WebKit ends a
 * composition first and reports the Enter that ended it afterwards, no longer as composing: the key code 229, "processed
 * by an input method", is all that tells that Enter from another.
 */
export function belongsToInputMethod(event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return event.isComposing || event.keyCode === 229
}

/**
 * Keeps the keys of an input method from every other listener, those of libraries too; they go on writing. Call once,
 * and before anything else listens. No handler has to ask, so none can forget to (`keyboard-handlers.test.ts`).
 */
export function keepKeysOfInputMethods(): void {
  const first = (event: KeyboardEvent) => {
    // What fills in forms (Chromium's own, extensions) sends presses without a key.
    if (belongsToInputMethod(event) || typeof event.key !== 'string') event.stopImmediatePropagation()
    else learnLayout(event)
  }
  addEventListener('keydown', first, { capture: true })
}

/** Something of a script other than Latin: Cyrillic, Greek, Hebrew, Arabic (its marks and digits too), Hangul, kana. */
const otherScript = /[^\p{scx=Common}\p{scx=Latin}\p{scx=Inherited}]/u

/** Whether the last letter that was typed by itself was a Latin one: what the layout's signs mean depends on it. */
let latinLayout = true

/** Learns from a key that types one letter. Cmd, Ctrl and Shift give Latin letters on some layouts without them. */
export function learnLayout(event: Pressed): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !/^Key[A-Z]$/.test(event.code)) return
  if (otherScript.test(event.key)) latinLayout = false
  else if (/^\p{L}$/u.test(event.key)) latinLayout = true
}

const placeOfSign: Record<string, string> = { '/': 'Slash', '.': 'Period', ',': 'Comma', '\\': 'Backslash' }
const placeOf = (key: string) =>
  /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : /^\d$/.test(key) ? `Digit${key}` : placeOfSign[key]

/** The Latin letter that a key types: full-width ones are the same, and I is the capital of ı as well as of i. */
function letterOf(key: string): string {
  if (key === 'ı' || key === 'İ') return 'i'
  return (/^[Ａ-Ｚａ-ｚ]$/u.test(key) ? key.normalize('NFKC') : key).toLowerCase()
}

/** The letter that a Mac's key would type without Option, which makes ¬ of an L. */
const letterBelow = ({ code, keyCode = 0 }: Pressed) =>
  keyCode >= 65 && keyCode <= 90 ? String.fromCharCode(keyCode) : /^Key([A-Z])$/.exec(code)?.[1]

/**
 * Whether this key press is `keys`. Letters and signs are known by what the key types, wherever a layout has it; where
 * the layout has no Latin letters, by the key's place. Shift counts for letters and named keys; for signs such as / it
 * is part of the key. AltGr writes, and is no shortcut.
 */
export function matches(event: Pressed, keys: string, mac: boolean = isMac): boolean {
  const parts = keys.split('+')
  const key = parts.pop() || '+'
  const wants = (name: string) => parts.includes(name)
  const command = mac ? event.metaKey : event.ctrlKey
  const other = mac ? event.ctrlKey : event.metaKey
  if (command !== wants('Ctrl') || other || event.altKey !== wants('Alt')) return false
  // On a Mac, Firefox calls Option AltGraph.
  if (!mac && event.getModifierState?.('AltGraph')) return false
  const place = placeOf(key)
  const shift = event.shiftKey === wants('Shift')
  const noLatin = otherScript.test(event.key) || (!latinLayout && /^[^\p{L}]$/u.test(event.key))
  if (noLatin && place !== undefined) return shift && event.code === place
  if (/^[a-z]$/i.test(key)) {
    const typed = mac && event.altKey ? letterBelow(event) : letterOf(event.key)
    return shift && typed?.toLowerCase() === key.toLowerCase()
  }
  if (event.key === key) return shift || (key.length === 1 && !wants('Shift'))
  if (!shift) return false
  if (key === '\\') return event.key === '|' || event.code === place
  // The upper row of a French keyboard types digits with Shift only.
  return /^\d$/.test(key) && !/^\d$/.test(event.key) && event.code === place
}

/** Whether a key writes something; one key of Arabic layouts writes two letters. Other keys have names of ASCII letters. */
export function typesText(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  return event.key.length === 1 || !/^[A-Za-z0-9]+$/.test(event.key)
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
  if (event.defaultPrevented || belongsToInputMethod(event)) return
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
