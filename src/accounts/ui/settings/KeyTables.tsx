import { Kbd } from '#platform/ui/Kbd.tsx'
import { shortcuts, type Shortcut } from '#platform/ui/keyboard.ts'
import { useStore } from '#platform/ui/store.ts'
import './Settings.css'

/** Every key that this version knows, in groups; made from the declarations themselves, so it is never out of date. */
export function KeyTables() {
  const groups = Map.groupBy(useStore(shortcuts), (shortcut) => shortcut.group)
  return (
    <div className="key-tables">
      {[...groups].map(([group, list]) => (
        <table key={group} className="key-table">
          <caption>{group}</caption>
          <tbody>
            {byLabel(list).map(([label, keys]) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>
                  {keys.map((each, at) => (
                    <span key={each}>
                      {at > 0 && <span className="muted">{' or '}</span>}
                      <Kbd keys={each} />
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
      <p className="hint">On a keyboard without Latin letters, the key in the same place counts.</p>
    </div>
  )
}

/** Two keys for the same deed stand in one line. */
const byLabel = (list: readonly Shortcut[]): [string, string[]][] =>
  [...Map.groupBy(list, (shortcut) => shortcut.label)].map(([label, same]) => [label, same.map((each) => each.keys)])
