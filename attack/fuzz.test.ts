import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testPlace } from '#acceptance/testing.ts'
import { describe, fuzz } from './fuzz/fuzz.ts'
import { operationsOfContracts } from './operations.ts'

const place = await testPlace({ streamsPerAccount: 10_000 })
const operations = await operationsOfContracts()
const inputs = 20_000
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)

test('the contracts that are attacked are all that are served', () => {
  const names = (all: readonly { operationId: string }[]) => all.map(({ operationId }) => operationId).sort()
  assert.deepEqual(names(operations), names(place.app.http.operations))
})

// Some 15 s of processor: on a machine that does much else it takes its time.
test(
  `no input is answered with a five-hundred, or with what its operation does not declare (seed ${seed})`,
  { timeout: 600_000 },
  async (context) => {
    const { port } = place.app.http.server.address() as { port: number }
    const ground = { origin: place.app.url, port, sql: place.db.pool }
    const outcome = await fuzz({ ground, operations, inputs, seed })
    context.diagnostic(
      `FUZZ_SEED=${seed}: ${outcome.inputs} inputs in ${outcome.seconds.toFixed(1)} s, ${JSON.stringify(outcome.statuses)}`,
    )
    assert.equal(outcome.finds.length, 0, `FUZZ_SEED=${seed} finds them again:\n${describe(outcome.finds)}`)
    assert.ok(outcome.inputs >= inputs)
  },
)
