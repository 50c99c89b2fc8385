import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testDatabase } from '../testing/database.ts'
import { openDatabase } from './database.ts'
import { isoTime, utcText } from './time.ts'

const { url } = await testDatabase()
const db = openDatabase(url)
after(() => db.close())

test('times as text say what they say as dates', async () => {
  const { rows } = await db.pool.query<{ at: Date; text: string }>(`select at, ${utcText('at')} as text from (
    values ('2026-11-22 23:40:46+00'::timestamptz), ('2026-11-22 23:40:46.9+05:30'), ('2026-03-29 02:30:00.05+02'),
      ('2026-11-22 23:40:46.951999Z'), ('1999-12-31 23:59:59.001Z'), ('1969-12-31 23:59:59.5Z')
    ) as times (at)`)
  assert.equal(rows.length, 6)
  for (const { at, text } of rows) assert.equal(isoTime(text), at.toISOString())
})
