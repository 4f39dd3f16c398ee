import { formatCount } from '../../base/units.ts'

/** '1 span', '1,234 spans'. */
export function countOf(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`
}
