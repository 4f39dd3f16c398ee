// What a recording's resource says about its process, in the few words a heading has room for.

/** e.g. ['node v20.20.2', 'pid 4711', 'host web-3', 'v1.4.2']; what isn't known is left out. */
export function processFacts(resource: Readonly<Record<string, string>>): string[] {
  const runtime = [resource['process.runtime.name'], resource['process.runtime.version']]
    .filter(Boolean)
    .join(' ')
  return [
    runtime.replace(/^nodejs /, 'Node ').replace(/^(Node )(\d)/, '$1v$2'),
    prefixed('pid ', resource['process.pid']),
    prefixed('on ', resource['host.name']),
    prefixed('version ', resource['service.version'])
  ].filter(fact => fact !== '')
}

function prefixed(prefix: string, value: string | undefined): string {
  return value ? prefix + value : ''
}
