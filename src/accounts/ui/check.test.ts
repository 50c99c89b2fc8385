import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiProblem } from '#platform/ui/api.ts'
import { checkEmail, checkName, checkPassword, placeProblem } from './check.ts'

test('a name is anything with a letter in it, up to 80 characters', () => {
  assert.equal(checkName('Ada Lindqvist'), undefined)
  assert.match(checkName('   ') ?? '', /name that others/)
  assert.equal(checkName('a'.repeat(80)), undefined)
  assert.match(checkName('a'.repeat(81)) ?? '', /80/)
  assert.match(checkName('\u3164') ?? '', /nothing that can be seen/)
  assert.match(checkName('Ada\u200b') ?? '', /invisible/)
})

test('an e-mail address is refused only for what is certainly wrong', () => {
  assert.equal(checkEmail('ada@tidewater.example'), undefined)
  assert.equal(checkEmail('"ada@home"@tidewater.example'), undefined)
  assert.equal(checkEmail('ü@例え.テスト'), undefined)
  assert.equal(checkEmail('ａｄａ＠ｔｉｄｅｗａｔｅｒ．ｅｘａｍｐｌｅ'), undefined)
  assert.match(checkEmail('ad\u200ba@tidewater.example') ?? '', /looks like/)
  for (const wrong of ['', 'ada', 'ada@', 'ada@tidewater', 'ada @tidewater.example']) {
    assert.equal(typeof checkEmail(wrong), 'string', wrong)
  }
})

test('a password needs ten characters', () => {
  assert.equal(checkPassword('ten chars!'), undefined)
  assert.match(checkPassword('nine char') ?? '', /10/)
})

test('a refusal goes to the field that it speaks of, else to the form', () => {
  const problem = (document: Record<string, unknown>) => new ApiProblem(422, document, null)
  assert.deepEqual(placeProblem(problem({ code: 'email-taken', title: 'Taken.' })), { email: 'Taken.' })
  const alike = {
    code: 'looks-like-another',
    title: 'Taken for another.',
    fields: [{ at: '/body/name', problem: 'could be' }],
  }
  assert.deepEqual(placeProblem(problem(alike)), { name: 'Taken for another.' })
  const fields = [{ at: '/body/name', problem: 'Too long' }]
  assert.equal(placeProblem(problem({ code: 'too-long', fields }))?.name, 'Too long')
  assert.equal(placeProblem(problem({ code: 'sign-up-closed' })), null)
})
