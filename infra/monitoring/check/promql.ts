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
