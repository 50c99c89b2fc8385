import type { Account } from '../shapes.ts'
import { nobodyHas, somebody, usePerson } from './people.ts'
import { useMe } from './session.ts'
import { useStore } from '#platform/ui/store.ts'

/**
 * A person's name in its own direction, or what `as` makes of it. Until the name is here a bone keeps its room; whoever is
 * nobody, or nobody whom one may know, is "Somebody".
 */
export function PersonName({ id, as = fullName }: { id: string; as?: (person: Pick<Account, 'name'>) => string }) {
  const me = useMe()
  const person = usePerson(id) ?? (id === me.id ? me : undefined)
  const none = useStore(nobodyHas, (ids) => ids.has(id))
  if (!person && !none) return <NameBone />
  return <bdi>{person ? as(person) : somebody}</bdi>
}

const fullName = (person: Pick<Account, 'name'>) => person.name

/** In the place of a name that is on its way. */
export const NameBone = () => (
  <>
    <span className="bone of-name" aria-hidden="true" />
    <span className="visually-hidden">{somebody}</span>
  </>
)
