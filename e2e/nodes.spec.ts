import { message, submit } from './deeds.ts'
import { type BusKind, startNodes } from './nodes.ts'
import { expect, test as base } from './place.ts'
import { twoPeopleTalk } from './two-people.ts'
import { hasNats } from '../src/platform/testing/nats-server.ts'

// The journey once more with three API processes, each person on another one. Then a process is lost under each of
// them. A minute and a half for three buses, so it has a command of its own, `npm run test:nodes`, and CI runs that.

const asked = (process.env.E2E_BUSES ?? '').split(',').filter(Boolean) as BusKind[]
const buses = asked.filter((bus) => bus !== 'nats' || hasNats())

for (const bus of buses) {
  let nodes: Awaited<ReturnType<typeof startNodes>>
  const test = base.extend({
    // oxlint-disable-next-line eslint/no-empty-pattern -- Playwright reads fixtures from this parameter
    origins: async ({}, provide) => {
      nodes = await startNodes(bus)
      await provide(nodes.origins)
      await nodes.stop()
    },
  })

  test(`two people on different processes talk over the ${bus} bus, and lose theirs one after the other`, async ({
    person,
    picture,
  }) => {
    test.slow()
    const { ada, grace, seen } = await twoPeopleTalk({ person, picture })
    const both = [ada, grace]
    for (const [index, { page }] of both.entries()) {
      const other = both[1 - index]!
      await nodes.kill(index)
      // At most a word about it, and nothing to do: what is written meanwhile arrives, both ways, once.
      await submit(page, `Written as process ${index} was lost`)
      await submit(other.page, `Read as process ${index} was lost`)
      for (const { page: screen } of both) {
        await expect(message(screen, `Written as process ${index} was lost`)).toBeVisible()
        await expect(message(screen, `Read as process ${index} was lost`)).toBeVisible()
        await expect(screen.getByText('Reconnecting')).toHaveCount(0)
        await expect(screen.getByText('Waiting for connection')).toHaveCount(0)
      }
      await expect(page).toHaveURL(/\/c\//)
      await nodes.revive(index)
    }
    await expect(ada.page.getByRole('article')).toHaveCount(seen.length + 4)
    await expect(grace.page.getByRole('article')).toHaveCount(seen.length + 4)
    await picture(grace.page, `7-after-both-were-lost-${bus}`)
  })
}
