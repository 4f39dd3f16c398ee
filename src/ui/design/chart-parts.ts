// The parts of ECharts that the graph of the design draws with; nothing else of it is bundled.
import { GraphChart } from 'echarts/charts'
import { init, use } from 'echarts/core'
import { LabelLayout } from 'echarts/features'
import { CanvasRenderer } from 'echarts/renderers'

use([GraphChart, LabelLayout, CanvasRenderer])

export { init }
