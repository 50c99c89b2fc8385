import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ariaKeys,
  belongsToInputMethod,
  bindShortcut,
  defineShortcut,
  handleKey,
  learnLayout,
  matches,
  shortcuts,
  showKeys,
  typesText,
} from './keyboard.ts'

const press = (
  key: string,
  also: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> & {
    code?: string
    keyCode?: number
    getModifierState?: (name: string) => boolean
  } = {},
) => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...also,
})

test('Ctrl is Ctrl on a PC and Cmd on a Mac', () => {
  assert.ok(matches(press('k', { ctrlKey: true }), 'Ctrl+K', false))
  assert.ok(!matches(press('k', { ctrlKey: true }), 'Ctrl+K', true))
  assert.ok(matches(press('k', { metaKey: true }), 'Ctrl+K', true))
  assert.equal(showKeys('Ctrl+Shift+F', true), '⌘ ⇧ F')
  assert.equal(showKeys('Alt+ArrowUp', false), 'Alt ↑')
  assert.equal(ariaKeys('Ctrl+K', false), 'Control+K')
})

test('modifiers count: Ctrl+F is not Ctrl+Shift+F', () => {
  assert.ok(matches(press('F', { ctrlKey: true, shiftKey: true }), 'Ctrl+Shift+F', false))
  assert.ok(!matches(press('F', { ctrlKey: true, shiftKey: true }), 'Ctrl+F', false))
  assert.ok(!matches(press('f', { ctrlKey: true, altKey: true }), 'Ctrl+F', false))
})

test('a sign is known by what it types, wherever a keyboard has it', () => {
  assert.ok(matches(press('/', { ctrlKey: true }), 'Ctrl+/', false))
  assert.ok(matches(press('/', { ctrlKey: true, shiftKey: true, code: 'Digit7' }), 'Ctrl+/', false))
  assert.ok(matches(press('|', { ctrlKey: true, shiftKey: true, code: 'Backslash' }), 'Ctrl+Shift+\\', false))
})

test('the binding made last answers first, and may pass the key on', () => {
  const escape = defineShortcut({ keys: 'Escape', label: 'Close what is topmost', group: 'Everywhere' })
  const heard: string[] = []
  const event = () =>
    ({
      ...press('Escape'),
      defaultPrevented: false,
      isComposing: false,
      target: null,
      preventDefault() {},
    }) as unknown as KeyboardEvent
  const page = bindShortcut(escape, () => void heard.push('page'))
  const dialog = bindShortcut(escape, () => void heard.push('dialog'))
  handleKey(event())
  assert.deepEqual(heard, ['dialog'])
  dialog()
  const shy = bindShortcut(escape, () => false)
  handleKey(event())
  assert.deepEqual(heard, ['dialog', 'page'])
  shy()
  page()
})

test('declaring the same shortcut again does not list it twice', () => {
  const again = { keys: 'Ctrl+K', label: 'Jump, search, command', group: 'Everywhere' }
  defineShortcut(again)
  const once = shortcuts.get().length
  defineShortcut(again)
  assert.equal(shortcuts.get().length, once)
})

const ctrl = (key: string, code: string, also = {}) => press(key, { code, ctrlKey: true, ...also })

test('a shortcut follows the letter, wherever a Latin layout has it', () => {
  assert.ok(matches(ctrl('b', 'KeyB'), 'Ctrl+B', false))
  assert.ok(matches(ctrl('b', 'KeyN'), 'Ctrl+B', false), 'Dvorak')
  assert.ok(!matches(ctrl('x', 'KeyB'), 'Ctrl+B', false), 'Dvorak')
  assert.ok(!matches(ctrl('ö', 'KeyB'), 'Ctrl+B', false), 'a Latin letter, if not an English one')
  assert.ok(matches(ctrl('M', 'Semicolon', { shiftKey: true }), 'Ctrl+Shift+M', false), 'AZERTY')
  assert.ok(!matches(ctrl('?', 'KeyM', { shiftKey: true }), 'Ctrl+Shift+M', false), 'AZERTY')
  for (const key of ['i', 'I', 'ı', 'İ']) assert.ok(matches(ctrl(key, 'KeyI'), 'Ctrl+I', false), `Turkish ${key}`)
  assert.ok(matches(ctrl('ｂ', 'KeyB'), 'Ctrl+B', false), 'full width')
})

test('where the layout has no Latin letters, the place of the key counts', () => {
  const places: [key: string, code: string, keys: string][] = [
    ['и', 'KeyB', 'Ctrl+B'],
    ['И', 'KeyB', 'Ctrl+B'],
    ['ш', 'KeyI', 'Ctrl+I'],
    ['у', 'KeyE', 'Ctrl+E'],
    ['л', 'KeyK', 'Ctrl+K'],
    ['β', 'KeyB', 'Ctrl+B'],
    ['κ', 'KeyK', 'Ctrl+K'],
    ['נ', 'KeyB', 'Ctrl+B'],
    ['لا', 'KeyB', 'Ctrl+B'],
    ['ن', 'KeyK', 'Ctrl+K'],
    ['ბ', 'KeyB', 'Ctrl+B'],
    ['ิ', 'KeyB', 'Ctrl+B'],
    ['व', 'KeyB', 'Ctrl+B'],
    ['ㅠ', 'KeyB', 'Ctrl+B'],
    ['ㄖ', 'KeyB', 'Ctrl+B'],
    ['こ', 'KeyB', 'Ctrl+B'],
    ['ю', 'Period', 'Ctrl+.'],
    ['١', 'Digit1', 'Ctrl+1'],
  ]
  for (const [key, code, keys] of places) {
    assert.ok(matches(ctrl(key, code), keys, false), `${key} at ${code} is ${keys}`)
    assert.ok(matches({ ...press(key, { code }), metaKey: true }, keys, true), `${key} at ${code} is ${keys} on a Mac`)
    assert.ok(!matches(ctrl(key, 'KeyQ'), keys, false), `${key} at another place is not ${keys}`)
    assert.ok(!matches(ctrl(key, code, { shiftKey: true }), keys, false), `${key} with Shift is not ${keys}`)
  }
  assert.ok(matches(ctrl('Ч', 'KeyX', { shiftKey: true }), 'Ctrl+Shift+X', false))
  assert.ok(matches(ctrl('ْ', 'KeyX', { shiftKey: true }), 'Ctrl+Shift+X', false), 'an Arabic mark')
  assert.ok(matches(press('к', { code: 'KeyR' }), 'R', false), 'a plain letter on a message')
  assert.ok(matches(press('д', { code: 'KeyL' }), 'L', false))
  assert.ok(matches({ ...press('д', { code: 'KeyL' }), altKey: true }, 'Alt+L', true))
})

test('what signs mean follows the layout that was typed with last', () => {
  const dot = ctrl('.', 'Slash')
  const comma = ctrl('’', 'KeyM', { shiftKey: true })
  const slash = ctrl('/', 'Backslash', { shiftKey: true })
  assert.ok(matches(dot, 'Ctrl+.', false) && matches(slash, 'Ctrl+/', false))
  assert.ok(!matches(comma, 'Ctrl+Shift+M', false))
  learnLayout(press('ф', { code: 'KeyA' }))
  assert.ok(matches(dot, 'Ctrl+/', false) && !matches(dot, 'Ctrl+.', false), 'Russian: a full stop at the slash')
  assert.ok(matches(slash, 'Ctrl+Shift+\\', false) && !matches(slash, 'Ctrl+/', false), 'and a slash at the backslash')
  assert.ok(matches(comma, 'Ctrl+Shift+M', false), 'Arabic: an apostrophe at M')
  learnLayout({ ...press('a', { code: 'KeyA' }), metaKey: true })
  assert.ok(matches(dot, 'Ctrl+/', false), 'Cmd gives Latin letters on some layouts without them')
  learnLayout(press('é', { code: 'Digit2' }))
  assert.ok(matches(dot, 'Ctrl+/', false), 'only keys of letters tell')
  learnLayout(press('a', { code: 'KeyA' }))
  assert.ok(matches(dot, 'Ctrl+.', false))
})

test('digits and the backslash are where a layout puts them', () => {
  assert.ok(matches(ctrl('&', 'Digit1'), 'Ctrl+1', false), 'AZERTY')
  assert.ok(matches(ctrl('1', 'Digit1', { shiftKey: true }), 'Ctrl+1', false), 'AZERTY with Shift')
  assert.ok(matches(ctrl('1', 'Numpad1'), 'Ctrl+1', false))
  assert.ok(!matches(ctrl('2', 'Digit1'), 'Ctrl+1', false))
  assert.ok(matches(ctrl("'", 'Backslash', { shiftKey: true }), 'Ctrl+Shift+\\', false), 'German')
  assert.ok(matches(ctrl('|', 'IntlBackslash', { shiftKey: true }), 'Ctrl+Shift+\\', false), 'British')
})

test('AltGr writes and is no shortcut; Option on a Mac is the Alt of shortcuts', () => {
  const altGraph = { getModifierState: (name: string) => name === 'AltGraph' }
  assert.ok(matches(press('r', { code: 'KeyR' }), 'R', false))
  assert.ok(!matches(press('r', { code: 'KeyR', ...altGraph }), 'R', false))
  assert.ok(!matches(press('к', { code: 'KeyR', ...altGraph }), 'R', false))
  assert.ok(!matches(ctrl('e', 'KeyE', altGraph), 'Ctrl+E', false))
  assert.ok(!matches(ctrl('ę', 'KeyE', { altKey: true }), 'Ctrl+E', false), 'Windows reports it as Ctrl and Alt')
  assert.ok(matches({ ...press('¬', { code: 'KeyL', ...altGraph }), altKey: true }, 'Alt+L', true))
  const dvorak = { ...press('¬', { code: 'KeyP', keyCode: 76 }), altKey: true }
  assert.ok(matches(dvorak, 'Alt+L', true) && !matches(dvorak, 'Alt+P', true))
  const onPc = { ...press('n', { code: 'KeyL' }), altKey: true }
  assert.ok(matches(onPc, 'Alt+N', false) && !matches(onPc, 'Alt+L', false), 'Dvorak')
})

test('a key of an input method is known in every browser’s order of events', () => {
  assert.ok(belongsToInputMethod({ isComposing: true, keyCode: 13 }), 'during a composition')
  assert.ok(belongsToInputMethod({ isComposing: false, keyCode: 229 }), 'WebKit, after it has ended')
  assert.ok(!belongsToInputMethod({ isComposing: false, keyCode: 13 }))
})

test('a key that writes is told from one with a name', () => {
  for (const key of ['a', 'é', 'и', 'لا', '👍', ' ', '/']) assert.ok(typesText(press(key)), key)
  for (const key of ['Enter', 'F6', 'Dead', 'ArrowUp']) assert.ok(!typesText(press(key)), key)
  assert.ok(!typesText(press('a', { ctrlKey: true })))
})
