// The parts of ECharts that the graph of the design draws with; nothing else of it is bundled.
import { GraphChart } from 'echarts/charts'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([GraphChart, CanvasRenderer])

export { init }
