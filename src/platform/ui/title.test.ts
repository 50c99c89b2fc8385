import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentTitle } from './title.ts'

test('the tab names the page, the place and how many times somebody means you', () => {
  assert.equal(documentTitle({ page: 'delivery', place: 'Tidewater', mentions: 2 }), '(2) delivery · Tidewater')
  assert.equal(documentTitle({ page: 'delivery', place: 'Tidewater', mentions: 0 }), 'delivery · Tidewater')
  assert.equal(documentTitle({ page: '', place: '', mentions: 0 }), 'All is Whale')
  assert.equal(documentTitle({ page: 'Tidewater', place: 'Tidewater', mentions: 0 }), 'Tidewater')
})
