const keywords = new Set(
  'and or unless by without on ignoring group_left group_right bool offset atan2 inf nan start end'.split(' '),
)

/** The names of the metrics that an expression asks for. */
export function metricsIn(expression: string): string[] {
  const bare = expression
    .replace(/#.*$/gm, '')
    .replace(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\$\w+|\$\{[^}]*\}/g, ' ')
  const names = [...bare.matchAll(/(?<![\w:.])([a-zA-Z_:][\w:]*)\s*(\(?)/g)]
  return [...new Set(names.flatMap(([, name, call]) => (call || keywords.has(name!.toLowerCase()) ? [] : [name!])))]
}

export interface Selector {
  metric: string
  label: string
  value: string
}

/** What an expression asks for by an exact value: `by="sweep"` of `whale_delivery_events_total`. */
export function* selectorsIn(expression: string): Generator<Selector> {
  for (const [, metric, matchers] of expression.matchAll(/([a-zA-Z_:][\w:]*)\{((?:[^}"]|"(?:[^"\\]|\\.)*")*)\}/g))
    for (const [, label, value] of matchers!.matchAll(/(\w+)\s*=\s*"((?:[^"\\]|\\.)*)"/g))
      yield { metric: metric!, label: label!, value: value! }
}
