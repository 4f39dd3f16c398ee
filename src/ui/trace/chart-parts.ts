// The parts of ECharts that the chart of traces draws with; nothing else of it is bundled.
import { ScatterChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'

use([ScatterChart, GridComponent, CanvasRenderer])

export { init }
