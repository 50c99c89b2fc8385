import type { Role } from '#accounts/shapes.ts'

/** Who lives in the demo place. `since`: how much of the history had passed when they came, from 0 to 1. */
export interface Character {
  readonly key: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly since: number
  /** How much they write, compared with others. */
  readonly talks: number
}

const at = (place: 'tidewater' | 'northquay', key: string, name: string, more: Partial<Character> = {}): Character => ({
  key,
  name,
  email: `${key}@${place}.example`,
  role: place === 'northquay' ? 'guest' : 'member',
  since: 0,
  talks: 1,
  ...more,
})

/** Ada first: the first account owns the place. Northquay is a customer, so its people are guests. */
export const characters: readonly Character[] = [
  at('tidewater', 'ada', 'Ada Lindqvist', { role: 'owner', talks: 1.6 }),
  at('tidewater', 'grace', 'Grace Okafor', { talks: 2.2 }),
  at('tidewater', 'linus', 'Linus Aalto', { talks: 1.8 }),
  at('tidewater', 'margaret', 'Margaret Hale', { talks: 1.7 }),
  at('tidewater', 'barbara', 'Barbara Liang', { talks: 1.9 }),
  at('tidewater', 'edsger', 'Edsger de Wit', { role: 'guest', talks: 0.9 }),
  at('tidewater', 'ines', 'Inês Carvalho', { role: 'admin', talks: 1.2 }),
  at('tidewater', 'tomasz', 'Tomasz Wrona', { talks: 1.3 }),
  at('tidewater', 'layla', 'Layla Haddad', { talks: 1.2 }),
  at('tidewater', 'noa', 'Noa Ben-Ami', { talks: 1.1 }),
  at('tidewater', 'kofi', 'Kofi Mensah', { talks: 1.4 }),
  at('tidewater', 'sunniva', 'Sunniva Brekke'),
  at('tidewater', 'rafael', 'Rafael Quintero', { talks: 1.1 }),
  at('tidewater', 'mei', 'Mei Tanaka', { talks: 1.3 }),
  at('tidewater', 'anouk', 'Anouk Verhaegen'),
  at('tidewater', 'dmitri', 'Dmitri Halonen', { talks: 0.8 }),
  at('tidewater', 'priya', 'Priya Raman', { talks: 1.3, since: 0.1 }),
  at('tidewater', 'maximiliane', 'Maximiliane Wolfeschlegelstein-Hausenbergerdorff', { talks: 0.7 }),
  at('tidewater', 'jonas', 'Jonas Lindgaard', { since: 0.25 }),
  at('tidewater', 'amara', 'Amara Diallo', { talks: 1.1, since: 0.35 }),
  at('tidewater', 'callum', 'Callum Reid', { talks: 0.9, since: 0.5 }),
  at('tidewater', 'yusuf', 'Yusuf Demir', { talks: 0.9, since: 0.7 }),
  at('northquay', 'helena', 'Helena Strand', { talks: 0.8 }),
  at('northquay', 'piet', 'Piet Molenaar', { talks: 0.7, since: 0.05 }),
  at('northquay', 'omar', 'Omar Farouk', { talks: 0.8, since: 0.15 }),
  at('northquay', 'saskia', 'Saskia Brandt', { talks: 0.6, since: 0.4 }),
]

/** One password for everybody in the demo place; it is printed when the place is filled. */
export const demoPassword = 'low tide at seven'
