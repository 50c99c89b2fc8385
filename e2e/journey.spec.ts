import { test } from './place.ts'
import { twoPeopleTalk } from './two-people.ts'

test('two people talk; one loses the network, writes on, comes back; both screens equal a fresh reload', async ({
  person,
  picture,
}) => {
  await twoPeopleTalk({ person, picture })
})
