// The calls of all recordings that fit, and of those that they are compared with, as the collector sums them up.
import { shallowRef } from 'vue'
import type { ShallowRef } from 'vue'
import { nanosPerMs } from '../../base/units.ts'
import type { FlameGraph } from '../../collector/api.ts'
import { stacksOfCalls } from '../../recording/stacks-of-calls.ts'
import type { WeighedStacks } from '../../recording/weighed-paths.ts'
import { useApi } from '../data/use-api.ts'
import { useFetched } from '../data/use-fetched.ts'
import type { Fetched } from '../data/use-fetched.ts'
import { useAddress } from '../state/address.ts'
import { askedFlame, flameParameters } from './flame-query.ts'
import type { AskedFlame } from './flame-query.ts'

export interface FlameSide {
  readonly graph: FlameGraph
  readonly stacks: WeighedStacks
}

export interface MergedFlame {
  readonly asked: AskedFlame
  readonly shown: FlameSide
  readonly against: FlameSide | undefined
}

export interface MergedFlames extends Fetched<MergedFlame> {
  /** Of the newest answer. */
  readonly choices: Readonly<ShallowRef<FlameGraph['choices'] | undefined>>
}

export function useMergedFlame(): MergedFlames {
  const api = useApi()
  const { query } = useAddress()
  const choices = shallowRef<FlameGraph['choices']>()

  async function fetchFlame(signal: AbortSignal): Promise<MergedFlame> {
    const asked = askedFlame(query.value, Date.now())
    const [shown, against] = await Promise.all([
      api.flame(asked.shown, signal),
      asked.against && api.flame(asked.against, signal)
    ])
    choices.value = shown.choices
    return Object.freeze({ asked, shown: sideOf(shown), against: against && sideOf(against) })
  }

  const fetched = useFetched(fetchFlame, () => JSON.stringify(flameParameters.map(name => query.value[name])))
  return { ...fetched, choices }
}

function sideOf(graph: FlameGraph): FlameSide {
  const { frames, nodes } = graph
  const { frame, parent, samples } = nodes
  const self = nodes.selfMs.map(ms => ms * nanosPerMs)
  return Object.freeze({ graph, stacks: stacksOfCalls({ frames, frame, parent, self, samples }) })
}
