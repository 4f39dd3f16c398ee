// An ECharts chart in an element: loaded when first needed, as large as its element, and told a whole option at a time.
import { useResizeObserver } from '@vueuse/core'
import type { EChartsCoreOption, EChartsType, init } from 'echarts/core'
import { onBeforeUnmount, onMounted, shallowRef, watch } from 'vue'
import type { ComputedRef, ShallowRef } from 'vue'

/**
 * @param loadParts the parts of ECharts that the option needs; nothing else of it is bundled
 * @returns undefined until they are there
 */
export function useChart(
  element: Readonly<ShallowRef<HTMLElement | null>>,
  option: ComputedRef<EChartsCoreOption>,
  loadParts: () => Promise<{ init: typeof init }>
): Readonly<ShallowRef<EChartsType | undefined>> {
  const chart = shallowRef<EChartsType>()
  let isGone = false
  onMounted(async () => {
    const { init } = await loadParts()
    if (isGone || !element.value) return
    chart.value = init(element.value, undefined, { renderer: 'canvas' })
  })
  useResizeObserver(element, () => chart.value?.resize())
  watch([chart, option], () =>
    chart.value?.setOption(option.value, { replaceMerge: ['series'], lazyUpdate: true })
  )
  onBeforeUnmount(() => {
    isGone = true
    chart.value?.dispose()
  })
  return chart
}
