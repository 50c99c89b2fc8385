import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ariaKeys, bindShortcut, defineShortcut, handleKey, matches, shortcuts, showKeys } from './keyboard.ts'

const press = (
  key: string,
  also: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> & { code?: string } = {},
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
