// The files of infra/monitoring/ name a place that does not exist; here they get the names of one that does.

/** What settings.env holds for the monitoring alone. Terraform knows none of it. */
export const settingsForMonitoring = ['PAGER_URL', 'TICKETS_URL', 'DEAD_MAN_URL', 'RUNBOOKS_URL']

/**
 * A file of infra/monitoring/, or what kubectl renders of it, with the names that these settings hold instead of the
 * example's. Throws a sentence where a setting is missing.
 */
export function forPlace(text: string, settings: Record<string, string>): string {
  const setting = (name: string): string => {
    const value = settings[name]
    if (!value) throw new Error(`settings.env says nothing for ${name}.`)
    return value
  }
  const names: Record<string, string> = {
    'https://pager.tidewater.example/all-is-whale': setting('PAGER_URL'),
    'https://tickets.tidewater.example/all-is-whale': setting('TICKETS_URL'),
    'https://dead-man.tidewater.example/all-is-whale': setting('DEAD_MAN_URL'),
    'https://docs.tidewater.example/runbooks': setting('RUNBOOKS_URL').replace(/\/$/, ''),
    'https://app.tidewater.example': setting('UI_ORIGIN'),
    'https://api.tidewater.example': setting('API_ORIGIN'),
    'regions: [eu-central-1]': `regions: [${setting('REGION')}]`,
    'place: tidewater': `place: ${setting('CLUSTER')}`,
  }
  const pattern = Object.keys(names).map((example) => RegExp.escape(example))
  return text.replaceAll(new RegExp(pattern.join('|'), 'g'), (example) => names[example]!)
}
