import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFormats, pickLocale, usualTimeFormat } from './format.ts'

const berlin = createFormats({ locale: 'en-GB', timeZone: 'Europe/Berlin', timeFormat: '24' })
const now = '2026-11-20T15:05:00Z'

test('the time of a message follows the setting', () => {
  assert.equal(berlin.time(now), '16:05')
  assert.match(createFormats({ locale: 'en-GB', timeZone: 'Europe/Berlin', timeFormat: '12' }).time(now), /^4:05\spm$/)
  assert.equal(berlin.time('2026-11-19T23:00:00Z'), '00:00')
})

test('a clock of twelve hours is in small letters, in every region and to the second', () => {
  for (const locale of ['en-US', 'en-GB', 'en-AU', 'en-IN']) {
    const american = createFormats({ locale, timeZone: 'Europe/Berlin', timeFormat: '12' })
    assert.match(american.time(now), /^4:05\spm$/, locale)
    assert.match(american.time('2026-11-20T03:05:00Z'), /^4:05\sam$/, locale)
    assert.match(american.exact(now), /, 4:05:00\spm$/, locale)
    assert.match(american.moment(now, now), /^(20 November|November 20), 4:05\spm$/, locale)
    assert.match(american.elsewhere(now, now), /^4:05\spm$/, locale)
  }
})

test('day lines say Today and Yesterday, then the day, then the year', () => {
  assert.equal(berlin.dayLine('2026-11-20T00:10:00Z', now), 'Today')
  assert.equal(berlin.dayLine('2026-11-19T08:00:00Z', now), 'Yesterday')
  assert.equal(berlin.dayLine('2026-11-12T08:00:00Z', now), 'Thursday 12 November')
  assert.match(berlin.dayLine('2025-11-06T08:00:00Z', now), /^Thursday,? 6 November 2025$/)
})

test('the day is the reader’s, not the server’s', () => {
  const late = '2026-11-19T23:30:00Z'
  assert.equal(berlin.dayKey(late), '2026-11-20')
  assert.equal(createFormats({ timeZone: 'America/New_York' }).dayKey(late), '2026-11-19')
})

test('a night in which the clocks change is still one day', () => {
  assert.equal(berlin.daysAgo('2026-10-24T10:00:00Z', '2026-10-25T22:30:00Z'), 1)
  assert.equal(berlin.daysAgo('2026-03-28T23:30:00Z', '2026-03-29T21:59:00Z'), 0)
})

test('lists show the time today, the weekday this week, and else the date', () => {
  assert.equal(berlin.elsewhere('2026-11-20T08:02:00Z', now), '09:02')
  assert.equal(berlin.elsewhere('2026-11-18T08:02:00Z', now), 'Wed')
  assert.equal(berlin.elsewhere('2026-11-06T08:02:00Z', now), '6 Nov')
  assert.equal(berlin.elsewhere('2025-11-06T08:02:00Z', now), '6 Nov 2025')
})

test('the tooltip is exact to the second', () => {
  assert.match(berlin.exact('2026-11-20T08:42:07Z'), /^Friday,? 20 November 2026, 09:42:07$/)
})

test('figures have thousands, badges stop at 99', () => {
  assert.equal(berlin.count(4182), '4,182')
  assert.equal(berlin.badge(99), '99')
  assert.equal(berlin.badge(100), '99+')
})

test('sizes read as people say them', () => {
  assert.equal(berlin.bytes(0), '0 bytes')
  assert.equal(berlin.bytes(2_140_000), '2.1 MB')
  assert.equal(berlin.bytes(118_000_000), '118 MB')
})

test('a list of people ends in how many others there are', () => {
  assert.equal(berlin.list(['You', 'Linus', 'Grace']), 'You, Linus and Grace')
  assert.equal(berlin.list(['You', 'Linus', 'Grace', 'Barbara', 'Ada'], 2), 'You, Linus and 3 others')
})

test('day names are English in the reader’s order, and the clock follows their first language', () => {
  assert.equal(pickLocale(['de-DE', 'en-US']), 'en-US')
  assert.equal(pickLocale(['de-DE']), 'en-GB')
  assert.equal(usualTimeFormat('de-DE'), '24')
  assert.equal(usualTimeFormat('en-US'), '12')
})
