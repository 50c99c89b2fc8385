import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emailOf, isEmail } from './email.ts'

test('addresses that people have are addresses', () => {
  for (const email of [
    'ada@tidewater.example',
    'ada+list@tidewater.example',
    "o'brien@tidewater.example",
    'ü@例え.テスト',
    'пётр@пример.испытание',
    'ada..lindqvist.@docomo.example',
    '"ada@home"@tidewater.example',
    '"ada lindqvist"@tidewater.example',
    'ada@sub.sub.tidewater.example',
    'ada@123.example',
    '用户@例子.广告',
    'ada@نامه‌ای.com',
    '!#$%&*+/=?^_`{|}~-@tidewater.example',
    `${'a'.repeat(64)}@tidewater.example`,
  ])
    assert.ok(isEmail(email), email)
})

test('what reaches nobody is none', () => {
  for (const text of [
    '',
    'ada',
    'ada@',
    '@tidewater.example',
    'ada@tidewater',
    'ada@127.0.0.1',
    'ada@[127.0.0.1]',
    'ada@0x7f.1',
    'ada@-tidewater.example',
    'ada@tide_water.example',
    'ada@tidewater..example',
    'ada@tidewater.example:25',
    'ada@tidewater.example/inbox',
    'ada@tide%77ater.example',
    'ada lindqvist@tidewater.example',
    'ada@home@tidewater.example',
    'ada,grace@tidewater.example',
    'Ada <ada@tidewater.example>',
    'ada@tidewater.example\r\nbcc: grace@tidewater.example',
    'a\u0007@tidewater.example',
    'ad\u200ba@tidewater.example',
    'ada@tide\u00adwater.example',
    'ad\u3164a@tidewater.example',
    'ad\u202ea@tidewater.example',
    `${'a'.repeat(65)}@tidewater.example`,
    `${'ü'.repeat(33)}@tidewater.example`,
    `ada@${'a'.repeat(64)}.example`,
    `ada@${'ab.'.repeat(90)}example`,
  ])
    assert.equal(emailOf(text), undefined, JSON.stringify(text))
})

test('every spelling of an address is one address, and other mailboxes are others', () => {
  for (const [one, ...others] of [
    [
      'ada@tidewater.example',
      ' ADA@TideWater.Example ',
      'ada@tidewater.example.',
      'ａｄａ＠ｔｉｄｅｗａｔｅｒ．ｅｘａｍｐｌｅ',
      'ada@tidewater。example',
    ],
    ['ü@xn--r8jz45g.xn--zckzah', 'ü@例え.テスト', 'u\u0308@例え.テスト', 'Ü@XN--R8JZ45G.xn--zckzah', 'ü@例え。ﾃｽﾄ'],
    ['ada@xn--bcher-kva.example', 'ada@bücher.example', 'ada@BÜCHER.example', 'ada@bu\u0308cher.example'],
  ])
    for (const spelling of [one!, ...others]) assert.equal(emailOf(spelling), one, spelling)
  assert.notEqual(emailOf('ada+a@tidewater.example'), emailOf('ada@tidewater.example'))
  assert.notEqual(emailOf('a.da@tidewater.example'), emailOf('ada@tidewater.example'))
  assert.notEqual(emailOf('ü@tidewater.example'), emailOf('u@tidewater.example'))
  for (const email of ['ü@例え.テスト', 'ada@faß.example']) assert.equal(emailOf(emailOf(email)!), emailOf(email))
})
